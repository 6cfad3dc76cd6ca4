"""The keys of the simulated providers: RSA-SHA256 (PKCS#1 v1.5) signatures and the public key as they publish it."""

import base64
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class SigningKey:
    """One RSA key, made anew; ``use`` says what it is for."""

    def __init__(self, use: str) -> None:
        self.use = use
        self._key: RSAPrivateKey = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self, body: bytes) -> bytes:
        """Sign exactly these bytes."""
        return self._key.sign(body, padding.PKCS1v15(), hashes.SHA256())

    def sign_text(self, body: bytes) -> str:
        """Sign these bytes and write the signature as a webhook header carries it."""
        return base64.b64encode(self.sign(body)).decode()

    @property
    def public_pem(self) -> str:
        """The public half, as PEM."""
        public = self._key.public_key()
        encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(encoding, form).decode()


@cache
def process_key(use: str) -> SigningKey:
    """Make a key for this use once in this process; making one takes a tenth of a second."""
    return SigningKey(use)


class Keys:
    """The webhook key of each provider, made at the start of the process unless rotated since."""

    def __init__(self) -> None:
        self._rotated: dict[str, SigningKey] = {}

    def of(self, provider: str) -> SigningKey:
        """Give the key that a provider signs with now."""
        return self._rotated.get(provider) or process_key(provider)

    def rotate(self, provider: str) -> None:
        """Let a provider sign with a new key from now on."""
        self._rotated[provider] = SigningKey(provider)

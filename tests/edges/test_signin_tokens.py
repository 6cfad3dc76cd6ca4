"""The token that says who somebody is: really signed, and refused unless everything in it is as it must be."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from playground.slack_openid import OpenId
from tests.edges.browsers import Browser
from tests.edges.signing_in import (  # noqa: F401 - fixtures
    DOOR,
    SIGNED_IN,
    ana_fixture,
    openid_fixture,
    refused,
    shared_fixture,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

Claims = dict[str, Any]


def changed(openid: OpenId, **claims: Any) -> Callable[[Claims], str]:
    """Sign a token whose claims are not what they must be; None leaves one out."""

    def forge(right: Claims) -> str:
        said = {name: value for name, value in (right | claims).items() if value is not None}
        return openid.signed(said)

    return forge


WRONG_CLAIMS: dict[str, Claims] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "an empty nonce": {"nonce": ""},
    "expired": {"exp": int(time.time()) - 60},
    "no end": {"exp": None},
    "an end that is no time": {"exp": "tomorrow"},
    "not yet made": {"iat": int(time.time()) + 3600},
    "no beginning": {"iat": None},
    "not before tomorrow": {"nbf": int(time.time()) + 3600},
    "another app's": {"aud": "1.2"},
    "for several apps": {"aud": ["1.2", "3.4"]},
    "for nobody": {"aud": None},
    "another issuer's": {"iss": "https://evil.example"},
    "another issuer's, that begins alike": {"iss": "http://127.0.0.1.evil.example/slack"},
    "no issuer": {"iss": None},
    "another workspace's": {"https://slack.com/team_id": "TOTHER"},
    "no workspace's": {"https://slack.com/team_id": None},
    "nobody's": {"https://slack.com/user_id": None},
    "a user id that is none": {"https://slack.com/user_id": "UANA.9999999999.x"},
    "a user id that is a list": {"https://slack.com/user_id": ["UANA"]},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
async def test_a_token_that_says_another_thing_is_refused(ana: Browser, openid: OpenId, claims: Claims) -> None:
    openid.forge = changed(openid, **claims)

    assert refused(await ana.get(await ana.comes_back_to(DOOR)), ana)


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(openid: OpenId, algorithm: str) -> Callable[[Claims], str]:
    return lambda claims: f"{part({'alg': algorithm, 'typ': 'JWT', 'kid': openid.kid})}.{part(claims)}."


def by_the_public_key(openid: OpenId) -> Callable[[Claims], str]:
    """Sign with HMAC under the published key, which a careless reader takes for the secret."""

    def forge(claims: Claims) -> str:
        secret = openid._key.public_pem.encode()
        said = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': openid.kid})}.{part(claims)}"
        # PyJWT itself refuses to sign with a public key, so it is done by hand.
        proof = hmac.new(secret, said.encode(), hashlib.sha256).digest()
        return f"{said}.{urlsafe_b64encode(proof).rstrip(b'=').decode()}"

    return forge


def by_a_key_of_ones_own(openid: OpenId) -> Callable[[Claims], str]:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return lambda claims: jwt.encode(claims, own, algorithm="RS256", headers={"kid": openid.kid})


def with_a_key_inside(openid: OpenId) -> Callable[[Claims], str]:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key()))
    headers = {"kid": openid.kid, "jwk": public, "jku": "https://evil.example/keys", "x5u": "https://evil.example/x"}
    return lambda claims: jwt.encode(claims, own, algorithm="RS256", headers=headers)


FORGERIES: dict[str, Callable[[OpenId], Callable[[Claims], str]]] = {
    "alg none": lambda openid: unsigned(openid, "none"),
    "alg NONE": lambda openid: unsigned(openid, "NONE"),
    "RS256 without a signature": lambda openid: unsigned(openid, "RS256"),
    "HS256 under the public key": by_the_public_key,
    "a key of one's own": by_a_key_of_ones_own,
    "a key that comes along": with_a_key_inside,
    "an unknown key": lambda openid: lambda claims: openid.signed(claims, kid="unknown"),
    "no key": lambda openid: lambda claims: openid.signed(claims, kid=""),
    "another algorithm of the same key": lambda openid: lambda claims: openid.signed(claims, alg="RS512"),
    "no token": lambda _: lambda _: "",
    "a word": lambda _: lambda _: "token",
    "three dots": lambda _: lambda _: "...",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_token_that_slack_did_not_sign_is_refused(
    ana: Browser, openid: OpenId, forgery: Callable[[OpenId], Callable[[Claims], str]]
) -> None:
    openid.forge = forgery(openid)

    assert refused(await ana.get(await ana.comes_back_to(DOOR)), ana)


async def test_a_new_key_of_slacks_is_fetched_once(ana: Browser, openid: OpenId) -> None:
    await ana.signs_in(DOOR)
    openid.rotate()
    await ana.post("/signout")

    await ana.signs_in(DOOR)

    assert SIGNED_IN in ana.cookies

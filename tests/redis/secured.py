"""A Redis as a careful deployment has it: TLS only, a user who may do no more than is needed, a database of its own."""

import ipaddress
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from playground.stage import LOOPBACK, free_port
from tests.support.redis_forms import until
from tests.support.redis_server import program

PASSWORD = "p@ss/w:rd"  # what has to be written in another way in an address
WRITTEN = "p%40ss%2Fw%3Ard"
DATABASE = 3
RIGHTS = "~meet:* ~greenroom:* &greenroom:* &greenroom:cancel:* +@all -@admin -@dangerous +info"
"""Keys and channels of ours, and no command that could hurt others; ``greenroom:`` is what durable work is kept under.
A subscription to a pattern is only allowed where that very pattern is named."""


@dataclass(frozen=True)
class Secured:
    """Where it is.

    Args:
        url: for a bot.
        admin: for a look from outside.
        program: which server it is.

    """

    url: str
    admin: redis.Redis
    program: str


def with_tls() -> str | None:
    """Find a server that speaks TLS: the one under test, else one that this machine has."""
    candidates = [program(), shutil.which("redis-server"), shutil.which("valkey-server")]
    return next((server for server in candidates if server and _speaks_tls(server)), None)


def _speaks_tls(server: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="gr-") as folder:
        make_certificates(Path(folder))
        command = [server, "--port", "0", *_tls(Path(folder), free_port()), "--dir", folder, "--save", ""]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            process.wait(0.3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        return False


def _tls(folder: Path, port: int) -> list[str]:
    files = {"cert-file": "server.pem", "key-file": "server.key", "ca-cert-file": "ca.pem"}
    named = [part for name, file in files.items() for part in (f"--tls-{name}", str(folder / file))]
    return ["--tls-port", str(port), *named, "--tls-auth-clients", "no"]


@contextmanager
def secured(server: str) -> Iterator[Secured]:
    """Run a server that nobody can talk to in the clear or without a name."""
    folder, port = Path(tempfile.mkdtemp(prefix="gr-")), free_port()
    make_certificates(folder)
    (folder / "users.acl").write_text(
        f"user default off\nuser admin on >admin ~* &* +@all\nuser bot on >{PASSWORD} {RIGHTS}\n"
    )
    options = ["--port", "0", "--bind", LOOPBACK, "--save", "", "--dir", str(folder)]
    command = [server, *options, *_tls(folder, port), "--aclfile", str(folder / "users.acl")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    ca = folder / "ca.pem"
    admin = redis.Redis(
        host=LOOPBACK, port=port, username="admin", password="admin", ssl=True, ssl_ca_certs=str(ca), db=DATABASE
    )
    try:
        until(admin.ping)
        yield Secured(
            f"rediss://bot:{WRITTEN}@{LOOPBACK}:{port}/{DATABASE}?ssl_ca_certs={ca}", admin, Path(server).name
        )
    finally:
        admin.close()
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def watched_and_secured(server: str) -> Iterator[str]:
    """Run such a server and a sentinel that speaks TLS alone as well; gives the address of both for a bot."""
    with secured(server) as watched:
        port = free_port()
        ca = Path(watched.url.partition("ssl_ca_certs=")[2])
        master = watched.admin.connection_pool.connection_kwargs["port"]
        rules = (
            "port 0",
            f"tls-port {port}",
            f"bind {LOOPBACK}",
            f"tls-cert-file {ca.parent}/server.pem",
            f"tls-key-file {ca.parent}/server.key",
            f"tls-ca-cert-file {ca}",
            "tls-auth-clients no",
            "tls-replication yes",
            f"dir {ca.parent}",
            f"sentinel monitor main {LOOPBACK} {master} 1",
            "sentinel auth-user main admin",
            "sentinel auth-pass main admin",
        )
        file = ca.parent / "sentinel.conf"
        file.write_text("\n".join(rules) + "\n")
        process = subprocess.Popen([server, str(file), "--sentinel"], stdout=subprocess.DEVNULL)
        with redis.Redis(host=LOOPBACK, port=port, ssl=True, ssl_ca_certs=str(ca)) as client:
            try:
                until(client.ping)
                until(lambda: client.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", "main"))
                yield f"rediss+sentinel://bot:{WRITTEN}@{LOOPBACK}:{port}/main/{DATABASE}?ssl_ca_certs={ca}"
            finally:
                process.kill()
                process.wait()


def make_certificates(folder: Path) -> None:
    """Write a throwaway authority, and a certificate of its for this machine."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Throwaway authority")])
    own = _certificate(authority, authority, authority_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))])
    made = _certificate(subject, authority, key.public_key()).add_extension(here, critical=False)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(own.sign(authority_key, hashes.SHA256()).public_bytes(pem))
    (folder / "server.pem").write_bytes(made.sign(authority_key, hashes.SHA256()).public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(private)


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
    )

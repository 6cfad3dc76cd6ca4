"""Looks at where recordings go: whether each storage's host answers. Writes nothing there, and says no secret."""

import asyncio
import json
import re
from urllib.parse import quote, urlsplit

import aiohttp

from bot.findings import GOOD, WEAK, Finding
from bot.settings import Settings
from bot.storage_profiles import HOST, Aws, Azure, DigitalOcean, Gcs, Sftp, StorageProfile, label

PATIENCE = aiohttp.ClientTimeout(total=5)
ELSEWHERE, GONE = 301, 404
SSH = b"SSH-"
KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


async def storage_findings(settings: Settings, http: aiohttp.ClientSession) -> list[Finding]:
    """Look at every storage profile, all at once, and at what happens to recordings of which nothing is said."""
    profiles = settings.recording_storage_profiles
    looks = (_looked_at(name, profile, http) for name, profile in profiles.items())
    return [_usual(settings), *await asyncio.gather(*looks)]


def _usual(settings: Settings) -> Finding:
    name, bucket = settings.recording_storage, settings.recording_bucket
    if name is None and bucket is False:
        return Finding(
            "Recordings", WEAK, "refused unless a storage is named: RECORDING_BUCKET is off, set RECORDING_STORAGE"
        )
    at_provider = {True: "kept at the provider", None: "kept at the provider as its dashboard says", False: ""}[bucket]
    to_storage = f"sent to {name} ({label(settings.recording_storage_profiles[name].type)})" if name else ""
    return Finding("Recordings", GOOD, ", ".join(part for part in (to_storage, at_provider) if part))


async def _looked_at(name: str, profile: StorageProfile, http: aiohttp.ClientSession) -> Finding:
    what = f"Storage {name}"
    doubt = doubt_about(profile)
    trouble = doubt or await _trouble(profile, http)
    if trouble:
        return Finding(what, WEAK, f"{label(profile.type)}: {trouble}")
    return Finding(what, GOOD, f"{label(profile.type)}: all fields there, its host answers")


def doubt_about(profile: StorageProfile) -> str | None:
    """Say what does not look like what the storage wants; None where all does."""
    match profile:
        case Azure() if endpoint(profile) is None:
            return "access_key does not look like a connection string, which names AccountName and AccountKey"
        case Gcs() if not _is_service_account(profile.secret.get_secret_value()):
            return "secret does not look like the JSON credentials of a service account"
        case Sftp(private_key=key) if key is not None and not KEYS.search(key.get_secret_value()):
            return "private_key does not look like one, which begins with -----BEGIN"
        case Aws() | DigitalOcean() if endpoint(profile) is None:
            return "region does not look like one, as in eu-central-1"
    return None


def endpoint(profile: StorageProfile) -> str | None:
    """Give the address at which a bucket can be asked for; None where there is none."""
    match profile:
        case Aws(region=region, bucket=bucket) if HOST.fullmatch(region):
            suffix = ".cn" if region.startswith("cn-") else ""
            return f"https://s3.{region}.amazonaws.com{suffix}/{quote(bucket, safe='')}"
        case DigitalOcean(region=region, bucket=bucket) if HOST.fullmatch(region):
            return f"https://{region.lower()}.digitaloceanspaces.com/{quote(bucket, safe='')}"
        case Gcs(bucket=bucket):
            return f"https://storage.googleapis.com/{quote(bucket, safe='')}"
        case Azure(access_key=access_key, bucket=bucket):
            return _azure(access_key.get_secret_value(), bucket)
    return None


def _azure(connection: str, container: str) -> str | None:
    parts = dict(part.partition("=")[::2] for part in connection.split(";"))
    known = {name.strip().lower(): value.strip() for name, value in parts.items()}
    account, suffix = known.get("accountname", ""), known.get("endpointsuffix") or "core.windows.net"
    if not (account and known.get("accountkey") and HOST.fullmatch(f"{account}.{suffix}")):
        return None
    base = known.get("blobendpoint") or f"https://{account}.blob.{suffix}"
    return f"{base.rstrip('/')}/{quote(container, safe='')}" if urlsplit(base).hostname else None


def _is_service_account(text: str) -> bool:
    try:
        read = json.loads(text)
    except ValueError:
        return False
    return isinstance(read, dict) and {"client_email", "private_key"} <= read.keys()


async def _trouble(profile: StorageProfile, http: aiohttp.ClientSession) -> str | None:
    try:
        if isinstance(profile, Sftp):
            return await _greeting(profile.host, profile.port)
        return meaning(profile, await _asked(endpoint(profile) or "", http))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
        return f"its host cannot be reached from here ({type(trouble).__name__})"


async def _greeting(host: str, port: int) -> str | None:
    """Hear how a server introduces itself; those of SSH speak first (RFC 4253, section 4.2)."""
    async with asyncio.timeout(PATIENCE.total):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            spoken = await reader.read(len(SSH))
        finally:
            writer.close()
            await writer.wait_closed()
    return None if spoken == SSH else "something answers there, but no SFTP server"


async def _asked(url: str, http: aiohttp.ClientSession) -> int:
    async with http.head(url, allow_redirects=False, timeout=PATIENCE) as answer:
        return answer.status


def meaning(profile: StorageProfile, status: int) -> str | None:
    """Read an answer to somebody without credentials: any is a sign of life, two say more."""
    if isinstance(profile, Azure):
        return None
    if status == GONE:
        return "its host answers that there is no such bucket"
    return "its host answers that the bucket is in another region" if status == ELSEWHERE else None

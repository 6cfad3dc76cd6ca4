"""Fills a directory with the video services' programs for the browser, and with nothing that is not exactly them."""

import base64
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot.errors import InstallFailed
from bot.sdk import Archive, Part, Sdk

NPM_SECONDS = 300
"""For one package; a slow line needs some."""
NPM_SAYS = 400
"""Characters of what npm complains of that are repeated."""
READABLE = 0o644


def install(sdks: Iterable[Sdk], into: Path, archives: Path | None = None) -> list[Path]:
    """Put the files of some services in place; all of them are checked before the first one is written.

    Args:
        sdks: the services.
        into: the directory to be filled.
        archives: where the packages lie already, as ``npm pack`` names them; None to have npm fetch them.

    Returns:
        The files, each written as a whole or left as it was.

    Raises:
        InstallFailed: nothing, or not everything, was written; in words for whoever runs the bot.

    """
    wanted = tuple(sdks)
    with tempfile.TemporaryDirectory(prefix="greenroom-sdk-") as fetched:
        unpacked = [
            (sdk.place(part, into), part, data)
            for sdk in wanted
            for part, data in _parts_of(sdk, archives, Path(fetched))
        ]
    for place, part, data in unpacked:
        try:
            _write(place, data)
            # Browsers that take packed files get this one, a quarter of the size.
            _write(packed_beside(place), gzip.compress(data, mtime=0))
        except OSError as trouble:
            raise InstallFailed(f"{part.name} cannot be written to {place.parent}: {trouble.strerror}") from None
    return [place for place, _, _ in unpacked]


def _parts_of(sdk: Sdk, archives: Path | None, fetched: Path) -> list[tuple[Part, bytes]]:
    packed: dict[Archive, bytes] = {}
    for part in sdk.parts:
        if part.archive not in packed:
            packed[part.archive] = _archive(part.archive, archives or _fetch(part.archive, fetched))
    return [(part, _unpack(part, packed[part.archive])) for part in sdk.parts]


def _fetch(archive: Archive, directory: Path) -> Path:
    """Have npm fetch a package; npm runs nothing of it, and this file is all it leaves."""
    npm = shutil.which("npm")
    if npm is None:
        raise InstallFailed(
            "npm is not on this machine: install it, or run this where it is; "
            f"packages made elsewhere with `npm pack {archive.wanted}` are taken with --from DIRECTORY"
        )
    command = [npm, "pack", "--ignore-scripts", "--silent", f"--pack-destination={directory}", archive.wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=NPM_SECONDS, check=False)  # noqa: S603 - its words are constants
    except subprocess.TimeoutExpired:
        raise InstallFailed(f"npm did not bring {archive.wanted} within {NPM_SECONDS} s") from None
    if done.returncode:
        raise InstallFailed(f"npm could not bring {archive.wanted}: {done.stderr.strip()[-NPM_SAYS:] or 'no reason'}")
    return directory


def _archive(archive: Archive, directory: Path) -> bytes:
    """Read a package that is exactly the one we know."""
    place = directory / archive.filename
    try:
        # One byte more than it has is enough to see that it is another.
        with place.open("rb") as file:
            data = file.read(archive.size + 1)
    except OSError as trouble:
        raise InstallFailed(f"{place} cannot be read: {trouble.strerror}") from None
    if _digest("sha512", data) != archive.integrity:
        raise InstallFailed(f"{place} is not {archive.wanted} as it was published: its checksum is another")
    return data


def _unpack(part: Part, packed: bytes) -> bytes:
    """Take one file out of a package, in memory: nothing in there decides where anything is written, or how much."""
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            member = archive.getmember(part.inside)
            file = archive.extractfile(member) if member.isreg() and member.size == part.size else None
            data = file.read(part.size) if file else b""
    except (tarfile.TarError, KeyError, EOFError, OSError):
        data = b""
    if _digest("sha384", data) != part.integrity:
        raise InstallFailed(f"{part.archive.wanted} does not hold the {part.inside} that Greenroom knows")
    return data


def _digest(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def packed_beside(place: Path) -> Path:
    """Name the packed form of a file, as aiohttp looks for it."""
    return place.with_name(place.name + ".gz")


def is_whole(sdk: Sdk, part: Part, directory: Path) -> bool:
    """Tell whether a file is there with exactly the bytes that it should have."""
    try:
        return _digest("sha384", sdk.place(part, directory).read_bytes()) == part.integrity
    except OSError:
        return False


def _write(place: Path, data: bytes) -> None:
    """Put a file in place at one stroke: whoever reads meanwhile gets the old one or the new one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), READABLE)  # the bot may run as another user than whoever installs
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

"""The services' programs are put in place byte for byte, or not at all."""

import base64
import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import InstallFailed
from bot.sdk import SDKS, Archive, Part, Sdk
from bot.sdk_install import install, is_whole, packed_beside

CORE = b"window.Core = 1;" * 100
KIT = b"window.Kit = 2;" * 100


def digest(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def packed(files: Mapping[str, bytes | str]) -> bytes:
    """Pack files as npm does; a text stands for a symbolic link to it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def published(name: str, data: bytes) -> Archive:
    return Archive(name, "1.0.0", digest("sha512", data), len(data))


def part(name: str, archive: Archive, content: bytes) -> Part:
    return Part(name, archive, "package/dist/browser.js", digest("sha384", content), len(content))


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    directory = tmp_path / "archives"
    directory.mkdir()
    return directory


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "sdk"


def sdk_of(archives: Path, kit: Mapping[str, bytes | str] | None = None) -> Sdk:
    """Publish two packages; ``kit`` is what is really in the second one."""
    core = packed({"package/package.json": b"{}", "package/dist/browser.js": CORE})
    element = packed(kit or {"package/dist/browser.js": KIT})
    first, second = published("@maker/core", core), published("@maker/kit", element)
    (archives / first.filename).write_bytes(core)
    (archives / second.filename).write_bytes(element)
    return Sdk(
        "service", part("core.js", first, CORE), part("kit.js", second, KIT), "Core", "Kit", element="kit-meeting"
    )


def test_what_browsers_need_is_put_in_place_and_nothing_else(archives: Path, into: Path) -> None:
    sdk = sdk_of(archives)
    assert [each.name for each in sdk.missing(into)] == ["core.js", "kit.js"]

    places = install([sdk], into, archives)

    assert [place.read_bytes() for place in places] == [CORE, KIT]
    assert [gzip.decompress(packed_beside(place).read_bytes()) for place in places] == [CORE, KIT]
    assert sorted(path.name for path in into.rglob("*") if path.is_file()) == [
        "core.js",
        "core.js.gz",
        "kit.js",
        "kit.js.gz",
    ]
    assert not list(sdk.missing(into))
    assert all(is_whole(sdk, each, into) for each in sdk.parts)
    assert all(oct(place.stat().st_mode & 0o777) == "0o644" for place in places)


def test_doing_it_again_changes_nothing_and_mends_what_is_broken(archives: Path, into: Path) -> None:
    sdk = sdk_of(archives)
    core, _ = install([sdk], into, archives)
    core.write_bytes(b"x" * len(CORE))
    assert not is_whole(sdk, sdk.core, into)

    install([sdk], into, archives)

    assert is_whole(sdk, sdk.core, into)


@pytest.mark.parametrize("change", ["another byte", "cut short", "longer", "gone"])
def test_a_package_that_is_not_the_published_one_is_refused_before_anything_is_written(
    archives: Path, into: Path, change: str
) -> None:
    sdk = sdk_of(archives)
    place = archives / sdk.kit.archive.filename
    data = place.read_bytes()
    changed = {"another byte": data[:-1] + b"\x07", "cut short": data[:-1], "longer": data + b"\x00"}
    place.unlink() if change == "gone" else place.write_bytes(changed[change])

    with pytest.raises(InstallFailed, match="cannot be read" if change == "gone" else "its checksum is another"):
        install([sdk], into, archives)

    assert not into.exists()


@pytest.mark.parametrize(
    "files",
    [
        {"package/other.js": KIT},
        {"package/dist/browser.js": KIT[:-1] + b"!"},
        {"package/dist/browser.js": KIT + b"!"},
        {"package/dist/browser.js": b"\x00" * 50_000_000},
        {"package/dist/browser.js": "/etc/passwd"},
        {"../package/dist/browser.js": KIT},
    ],
    ids=["missing", "another", "longer", "huge", "link", "elsewhere"],
)
def test_a_package_with_something_else_inside_is_refused(
    archives: Path, into: Path, files: dict[str, bytes | str]
) -> None:
    sdk = sdk_of(archives, files)

    with pytest.raises(InstallFailed, match=r"does not hold the package/dist/browser\.js that Greenroom knows"):
        install([sdk], into, archives)

    assert not into.exists()


def test_what_is_no_package_at_all_is_refused(archives: Path, into: Path) -> None:
    sdk = sdk_of(archives)
    noise = b"<html>not found</html>"
    archive = published("@maker/kit", noise)
    (archives / archive.filename).write_bytes(noise)

    with pytest.raises(InstallFailed, match="does not hold"):
        install([replace(sdk, kit=replace(sdk.kit, archive=archive))], into, archives)


def test_a_directory_that_cannot_be_filled_is_named(archives: Path, into: Path) -> None:
    sdk = sdk_of(archives)
    into.write_text("a file, and no directory")

    with pytest.raises(InstallFailed, match=r"core\.js cannot be written to .*/service/1\.0\.0"):
        install([sdk], into, archives)


def test_what_is_read_meanwhile_is_never_half_a_file(archives: Path, into: Path) -> None:
    sdk = sdk_of(archives)
    core, _ = install([sdk], into, archives)
    handle = os.open(core, os.O_RDONLY)

    install([sdk], into, archives)

    assert os.read(handle, len(CORE) + 1) == CORE
    os.close(handle)
    assert not [path for path in into.rglob("*") if path.name.startswith(".")]


def test_every_program_is_pinned_to_its_bytes() -> None:
    for sdk in SDKS.values():
        for each in sdk.parts:
            assert each.integrity.startswith("sha384-")
            assert each.archive.integrity.startswith("sha512-")
            assert each.archive.version.count(".") == 2
            assert each.size > 0

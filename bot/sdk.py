"""The video services' own program for the browser: which published packages, which files of them, byte for byte.

Nothing of it is in this repository. ``greenroom sdk install`` fetches it once, and takes nothing but these bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Archive:
    """A published package.

    Args:
        package: its name at npm.
        version: exactly this one.
        integrity: npm's own checksum of the archive, as ``npm view … dist.integrity`` prints it.
        size: bytes of the archive.

    """

    package: str
    version: str
    integrity: str
    size: int

    @property
    def wanted(self) -> str:
        """What npm is asked for."""
        return f"{self.package}@{self.version}"

    @property
    def filename(self) -> str:
        """How ``npm pack`` calls the file."""
        return f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a package that browsers get.

    Args:
        name: how it is called here.
        archive: the package.
        inside: where it is in the package.
        integrity: its checksum, in the form that browsers check before they run a script.
        size: its bytes.

    """

    name: str
    archive: Archive
    inside: str
    integrity: str
    size: int


@dataclass(frozen=True, slots=True)
class Sdk:
    """What a browser needs for meetings of one service.

    Args:
        provider: the service, as in meeting ids.
        core: the part that speaks to the service; makes the global ``client``.
        kit: the part that people see; makes the global ``elements``, which defines the element ``element``.
        others: what goes along with them, such as a licence.

    """

    provider: str
    core: Part
    kit: Part
    client: str
    elements: str
    element: str
    others: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every file of it."""
        return (self.core, self.kit, *self.others)

    def address(self, part: Part) -> str:
        """Give the path at which the bot serves a file."""
        return f"/sdk/{self.provider}/{part.archive.version}/{part.name}"

    def place(self, part: Part, directory: Path) -> Path:
        """Give the file's place in a directory of such files."""
        return directory / self.provider / part.archive.version / part.name

    def missing(self, directory: Path) -> Iterator[Part]:
        """Name the files that are not there, or not whole."""
        for part in self.parts:
            place = self.place(part, directory)
            if not place.is_file() or place.stat().st_size != part.size:
                yield part


_REALTIMEKIT = Archive(
    "@cloudflare/realtimekit",
    "2.0.2",
    "sha512-tetGFcwlq9QAf4sSyLOJriChgZKoImKphC/JiOCJ9U/B+h2onJ8lYJzdwQTVAb9YnAImtiN3I/eYs2IxHer3fQ==",
    1107802,
)
_REALTIMEKIT_UI = Archive(
    "@cloudflare/realtimekit-ui",
    "2.0.2",
    "sha512-C/YgKh07FBbeMMa/uhRrMGNmJw1g2kzPEYMsfgnq52yd1wWWeecQZFMJ9o+xRtpnhJmnRgPOUc8vOCMf+C/ohQ==",
    4403910,
)
_DYTE = Archive(
    "@dytesdk/web-core",
    "3.1.11",
    "sha512-OqJWATDfrNdMYHbNcmoGS+MxDY5ADou/j5LNmt0vDVb9KtT/471uYpGsat19h2++fOqKalksqLXqyD67TktbnQ==",
    1191202,
)
_DYTE_UI = Archive(
    "@dytesdk/ui-kit",
    "3.0.8",
    "sha512-LXush5CuNEOWX3oasWGXGKDH4yx2CoCAawJnRntlouQcIH8CR6Cl2ZQUmVPzaMB0KK2yvCjwsLW7LjU+/PSQOA==",
    4528214,
)

SDKS: Mapping[str, Sdk] = {
    "realtimekit": Sdk(
        provider="realtimekit",
        core=Part(
            "core.js",
            _REALTIMEKIT,
            "package/dist/browser.js",
            "sha384-lFXT0ldxi5sQ1wA86msP3ur5BxzZf9dyFkjT3PG884u6bf48UXXJPJl0QOL07TpO",
            642733,
        ),
        kit=Part(
            "kit.js",
            _REALTIMEKIT_UI,
            "package/dist/browser.js",
            "sha384-j9x+Q/nDI3b7qaf4SpY1bJgWtgDvDsKwFOoJihAzEhgnCEas7wcFqrVbF3pUsT8y",
            1496522,
        ),
        client="RealtimeKitClient",
        elements="RtkUiKit",
        element="rtk-meeting",
        others=(
            Part(
                "LICENSE.txt",
                _REALTIMEKIT,
                "package/LICENSE.txt",
                "sha384-PByMb5QBSda8Gom8j8yPmS7DMDXuBEvQLFAqp+vELiJmMjXNU110d8LtoVxa/7sf",
                11339,
            ),
        ),
    ),
    "dyte": Sdk(
        provider="dyte",
        core=Part(
            "core.js",
            _DYTE,
            "package/dist/index.iife.js",
            "sha384-myfdEs4TJv96XAW+3NvAnVcEWRIJMeEaTEzS4oQeUPsgCUtGfqGnLLDuD5ZoyLsr",
            658691,
        ),
        kit=Part(
            "kit.js",
            _DYTE_UI,
            "package/dist/browser.js",
            "sha384-tsDFjVdJBciQDbnruRjY7SWS5bnZqqTW3qvpVQ9VQyVJqhFTh+G26kelZlxXth5I",
            1460734,
        ),
        client="DyteClient",
        elements="DyteUIKit",
        element="dyte-meeting",
    ),
}
"""By the service's name in meeting ids."""

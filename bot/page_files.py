"""Our own files of the meeting page, as browsers get them: under an address that changes when any of them does."""

import hashlib
from pathlib import Path

FILES = Path(__file__).with_name("page")
KINDS = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
"""Said outright: a machine's own list of types may call a script plain text, which no browser would run."""

FOREVER = "public, max-age=31536000, immutable"
"""For what stands under an address that means these bytes and no others."""
STAMP = 12
"""Characters of the checksum in the address."""

NAMES = tuple(sorted(path.name for path in FILES.iterdir() if path.suffix in KINDS))


def _stamp() -> str:
    digest = hashlib.sha256()
    for name in NAMES:
        digest.update(name.encode() + b"\0" + (FILES / name).read_bytes())
    return digest.hexdigest()[:STAMP]


BASE = f"/page/{_stamp()}"


def content_type(name: str) -> str:
    """Give the type of a file by its name."""
    return f"{KINDS[Path(name).suffix]}; charset=utf-8"


def headers(name: str) -> dict[str, str]:
    """Give what goes along with a file: nobody guesses what it is, no other site has any use of it."""
    return {
        "Content-Type": content_type(name),
        "Cache-Control": FOREVER,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }

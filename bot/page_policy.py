"""What the meeting page may do in a browser: speak to the bot and to the meeting's service, and to nobody else.

Nothing inline, neither script nor style, no eval, and no script without the page's own nonce: the service's program
was tried with exactly these rules. What it asks of others, such as letters and feature switches, stays out.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hosts:
    """Whom a service's program speaks to.

    Args:
        api: the address that tells whether the service can be reached at all.
        connect: hosts for requests and sockets.
        images: hosts of the element's pictures.
        media: hosts of its sounds.
        named: the same in words for whoever runs a network.

    """

    api: str
    connect: tuple[str, ...]
    images: tuple[str, ...]
    media: tuple[str, ...]
    named: str


def _realtimekit() -> Hosts:
    # Source: the vendor's list for network administrators, and the program itself.
    base = "realtime.cloudflare.com"
    services = ("api", "api-silos", "da-collector", "location", "location-legacy", "rtk-assets", "rtk-uploads")
    return Hosts(
        api=f"https://api.{base}/",
        connect=(
            *(f"https://{name}.{base}" for name in services),
            f"wss://socket-edge.{base}",
            "https://*.r2.cloudflarestorage.com",  # files that people put into the chat
        ),
        images=(f"https://rtk-assets.{base}", f"https://rtk-uploads.{base}", "https://*.r2.cloudflarestorage.com"),
        media=(f"https://rtk-assets.{base}", f"https://rtk-uploads.{base}"),
        named=f"*.{base}",
    )


def _dyte() -> Hosts:
    base = "dyte.io"
    services = ("api", "api-silos", "da-collector", "flags", "location", "location-legacy", "assets")
    uploads = "https://dyte-uploads.s3.ap-south-1.amazonaws.com"
    return Hosts(
        api=f"https://api.{base}/",
        connect=(
            *(f"https://{name}.{base}" for name in services),
            f"wss://socket-edge.{base}",
            "https://cdn.dyte.in",
            "https://api.cluster.dyte.in",  # asked when the first one does not answer
            uploads,
        ),
        images=(f"https://assets.{base}", uploads),
        media=(f"https://assets.{base}", uploads),
        named=f"*.{base}",
    )


HOSTS: Mapping[str, Hosts] = {"realtimekit": _realtimekit(), "dyte": _dyte()}
"""By the service's name in meeting ids."""


def content_policy(hosts: Hosts, nonce: str) -> str:
    """Give the page's Content-Security-Policy."""
    rules = {
        "default-src": ("'none'",),
        "script-src": (f"'nonce-{nonce}'",),
        "worker-src": ("blob:",),  # the program's timers, which a tab in the background would slow down
        "style-src": ("'self'", f"'nonce-{nonce}'"),
        "img-src": ("'self'", "data:", "blob:", *hosts.images),
        "media-src": ("'self'", "blob:", *hosts.media),
        "font-src": ("'self'", "data:"),
        "connect-src": ("'self'", *hosts.connect),
        "base-uri": ("'none'",),
        "form-action": ("'none'",),
        "frame-ancestors": ("'none'",),
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


OWN = (
    "autoplay",
    "camera",
    "clipboard-write",
    "display-capture",
    "fullscreen",
    "microphone",
    "picture-in-picture",
    "screen-wake-lock",
    "speaker-selection",
)
NOBODY = ("geolocation", "hid", "midi", "payment", "publickey-credentials-get", "serial", "usb")

PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in OWN), *(f"{name}=()" for name in NOBODY)])
"""What a meeting needs of the machine, and what nothing on the page may ever ask for."""

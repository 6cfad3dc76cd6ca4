"""Stands where the video service's own hosts stand, for a Chromium that was told to look for them on this machine."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from playground.stage import LOOPBACK, free_port

HOSTS = {"realtimekit": ("realtime.cloudflare.com",), "dyte": ("dyte.io", "dyte.in")}
"""The service's own domains."""

ALLOWED = {"can_produce": "ALLOWED"}
SHADES = {str(shade): "#202020" for shade in (600, 700, 800, 900, 1000)}
TINTS = {str(tint): "#0b6e4f" for tint in (300, 400, 500, 600, 700)}
PRESET: dict[str, Any] = {
    "id": "preset-1",
    "name": "group_call_participant",
    "config": {
        "view_type": "GROUP_CALL",
        "media": {
            "audio": {"enable_stereo": False, "enable_high_bitrate": False},
            "video": {"quality": "hd", "frame_rate": 30},
            "screenshare": {"quality": "hd", "frame_rate": 5},
        },
        "livestream_viewer_qualities": [],
        "max_video_streams": {"mobile": 6, "desktop": 9},
        "max_screenshare_count": 1,
    },
    "permissions": {
        "waiting_room_type": "SKIP",
        "recorder_type": "NONE",
        "polls": {"can_create": True, "can_vote": True, "can_view": True},
        "plugins": {"can_close": True, "can_start": True, "config": {}},
        "media": {"video": ALLOWED, "audio": ALLOWED, "screenshare": ALLOWED},
        "chat": {"public": {"can_send": True, "text": True, "files": True}},
        "show_participant_list": True,
        "connected_meetings": {},
    },
    "ui": {
        "design_tokens": {
            "border_radius": "rounded",
            "border_width": "thin",
            "colors": {
                "brand": TINTS,
                "background": SHADES,
                "danger": "#ff2d2d",
                "success": "#62a504",
                "text_on_brand": "#ffffff",
                "text": "#ffffff",
                "video_bg": "#191919",
                "warning": "#ffcd07",
            },
            "spacing_base": 4,
            "theme": "dark",
            "logo": "",
        },
        "config_diff": {},
    },
}
"""As little of a preset as the services' programs can do with."""

KNOWN: dict[str, Any] = {
    "/v2/internals/participant-details": {
        "participant": {"id": "place-1", "name": "bo", "custom_participant_id": "UBO", "organization_id": "org"},
        "meeting": {"title": "Weekly sync"},
        "socket": {"base_uri": ""},
        "preset": PRESET,
    },
    "/v2/internals/rooms": {"title": "Weekly sync", "room_node_link": "", "use_hive_media": True, "sfu": "hive"},
    "/v2/plugins/user": {"plugins": []},
}


@dataclass
class Service:
    """The stand-in.

    Args:
        port: where Chromium finds it, whatever it is called.
        refuses: whether it takes no token.
        heard: the host and path of each request that came, in order.

    """

    port: int = field(default_factory=free_port)
    refuses: bool = False
    heard: list[tuple[str, str]] = field(default_factory=list)
    _sockets: int = 0
    _runner: web.AppRunner | None = None

    async def open(self, certificate: Path) -> None:
        """Begin to answer."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secured.load_cert_chain(certificate)
        self.refuses, self._sockets = False, 0
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self.port, ssl_context=secured).start()

    async def close(self) -> None:
        """Answer no more, as behind a firewall."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.heard.append((request.host, request.path))
        if request.headers.get("Upgrade"):
            return await self._socket()
        headers = {
            "Access-Control-Allow-Origin": request.headers.get("Origin", "*"),
            "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", "*"),
            "Access-Control-Allow-Methods": "*",
        }
        if request.method == "OPTIONS":
            return web.Response(status=204, headers=headers)
        if self.refuses:
            body: dict[str, Any] = {"success": False, "error": {"code": 401, "message": "Unauthorized"}}
            return web.json_response(body, status=401, headers=headers)
        return web.json_response({"success": True, "data": KNOWN.get(request.path, {})}, headers=headers)

    async def _socket(self) -> web.Response:
        # The programs go on to camera and microphone when the first try fails, and try again meanwhile.
        self._sockets += 1
        if self._sockets > 1:
            await asyncio.sleep(60)
        return web.Response(status=503)


def certificate(directory: Path) -> Path:
    """Make a certificate that nobody but a test would accept."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    place = directory / "stand-in.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    place.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return place


@asynccontextmanager
async def answering(service: Service, certificate: Path) -> AsyncIterator[Service]:
    """Have the stand-in answer for a while."""
    await service.open(certificate)
    try:
        yield service
    finally:
        await service.close()


def resolver_rules(service: Service) -> str:
    """Tell Chromium where the service's hosts are, and that there is nobody else in the world."""
    found = [f"MAP *.{domain} {LOOPBACK}:{service.port}" for domains in HOSTS.values() for domain in domains]
    return ", ".join([*found, "MAP * ~NOTFOUND", f"EXCLUDE {LOOPBACK}"])

"""The bot's own meeting page: the service's program in it, and everything around that program in plain words.

Whoever may come in, and how that is checked, is for the door that shows the page: it names the address where the
page's script asks for a token, and what it has to say there.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from aiohttp import web

from bot.page_files import BASE
from bot.page_policy import HOSTS, PERMISSIONS, content_policy
from bot.pages import HEADERS, page
from bot.sdk import SDKS, Sdk

NONCE_BYTES = 18


@dataclass(frozen=True, slots=True)
class TokenAt:
    """Where the page's script gets a token: by a POST of this JSON to this path, see ``bot.token_answer``."""

    path: str
    body: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on the way into a meeting.

    The page must stand at an address of two parts, such as ``/join/{code}``.

    Args:
        provider: the service that the meeting is on.
        title: of the meeting.
        name: of the person.
        token_at: where a token is to be had.
        straight: whether the page goes on by itself for a person who looks at it; false for robots.

    """

    provider: str
    title: str
    name: str
    token_at: TokenAt
    straight: bool = True


def meeting_page(visit: Visit, sdk_dir: Path) -> web.Response:
    """Build the page that takes one person into one meeting; where its program is not installed, one that says so."""
    sdk = SDKS[visit.provider]
    if any(sdk.missing(sdk_dir)):
        return not_installed(visit.title)
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    headers = {
        **HEADERS,
        "Content-Security-Policy": content_policy(HOSTS[visit.provider], nonce),
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return web.Response(text=_html(visit, sdk, nonce), content_type="text/html", headers=headers)


def not_installed(title: str) -> web.Response:
    """Say what whoever runs the bot has to do before anybody can be taken into a meeting here."""
    return page(
        title,
        "This meeting's page is not complete yet.",
        "Whoever runs Greenroom has to install the video service's program for browsers once, with the command "
        "“greenroom sdk install”, or set JOIN_URL_TEMPLATE to the address of another page that takes a token.",
        status=501,
    )


def _html(visit: Visit, sdk: Sdk, nonce: str) -> str:
    title, name, setup = escape(visit.title), escape(visit.name), escape(json.dumps(_setup(visit, sdk)))
    files = _from_page(BASE)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{files}/meeting.css">
<script type="module" nonce="{nonce}" src="{files}/meeting.js"></script>
<script nomodule defer nonce="{nonce}" src="{files}/too_old.js"></script>
</head>
<body>
<main id="door" data-setup="{setup}">
<h1 id="title" tabindex="-1">{title}</h1>
<p id="about" role="status">You are joining as {name}.</p>
<div id="waiting" hidden></div>
<div id="actions"><button id="go" type="button" autofocus>Join the meeting</button></div>
<p id="reference" hidden></p>
<noscript><p>The meeting needs JavaScript. Please allow it for this page, then reload it.</p></noscript>
</main>
<div id="stage" hidden></div>
<div id="notice" role="alert" hidden>
<p id="notice-words"></p><button id="notice-close" type="button">Close note</button>
</div>
</body>
</html>
"""


def _from_page(path: str) -> str:
    """Write an address as seen from the page, which has two parts in its own: a proxy may put more before them."""
    return f"..{path}"


def _setup(visit: Visit, sdk: Sdk) -> dict[str, object]:
    """Tell the page's script what it needs; nothing in it is a secret that the page's own address does not hold."""
    hosts = HOSTS[visit.provider]
    return {
        "name": visit.name,
        "straight": visit.straight,
        "token": {"path": _from_page(visit.token_at.path), "body": dict(visit.token_at.body)},
        "program": {
            "client": sdk.client,
            "elements": sdk.elements,
            "element": sdk.element,
            "api": hosts.api,
            "hosts": hosts.named,
            "scripts": [
                {"address": _from_page(sdk.address(part)), "integrity": part.integrity, "makes": makes}
                for part, makes in ((sdk.core, sdk.client), (sdk.kit, sdk.elements))
            ],
        },
    }

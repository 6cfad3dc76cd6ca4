"""The few plain pages that people see in a browser: small, without anything from elsewhere, readable by anybody."""

import base64
import hashlib
import re
from html import escape, unescape

from aiohttp import web

STYLE = """
:root{color-scheme:light dark}
body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;
background:Canvas;color:CanvasText}
main{max-width:34rem;padding:2rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem;overflow-wrap:anywhere}
p{margin:.5rem 0}
button{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:0;border-radius:.6rem;background:#0b6e4f;color:#fff;
cursor:pointer;margin-top:.75rem}
button:focus-visible{outline:3px solid #f2a541;outline-offset:2px}
code{background:color-mix(in srgb,CanvasText 10%,Canvas);padding:.1em .35em;border-radius:.3em}
"""
GO = "if(!document.prerendering&&document.visibilityState==='visible')document.forms[0].submit()"


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(GO)}; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""A page that is for one person: nobody keeps it, frames it, or learns its address."""


def page(title: str, *paragraphs: str, form: str = "", status: int = 200) -> web.Response:
    """Build a page.

    Args:
        title: the heading, as plain text.
        paragraphs: plain text, each.
        form: ready-made HTML below them.
        status: the HTTP status.

    """
    words = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{words}{form}</main></body></html>"
    )
    return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)


def without_markup(text: str) -> str:
    """Make of words for Slack words for a page; outside Slack nobody can read who is mentioned, nor is it for all."""
    return unescape(re.sub(r",? ?<@\w+>,?", "", text)).replace("`", "")


def door(title: str, name: str, *, straight: bool) -> web.Response:
    """Build the page that lets one person in at a press, or by itself where a person is looking at it.

    Args:
        title: of the meeting.
        name: of the person.
        straight: whether it goes on by itself.

    """
    form = '<form method="post"><button autofocus>Join the meeting</button></form>'
    if straight:
        form += f"<script>{GO}</script>"
    return page(title, f"You are joining as {name}.", form=form)

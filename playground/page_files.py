"""The files of the playground's page, as the browser gets them."""

from pathlib import Path

from aiohttp import web

FILES = Path(__file__).with_name("page")
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def page_routes() -> list[web.RouteDef]:
    """List the page and its parts."""
    return [
        web.get("/", _index),
        web.get(r"/playground/page/{name:[a-z]+\.(?:js|css|svg)}", _part),
    ]


async def _index(_: web.Request) -> web.FileResponse:
    return _file("index.html")


async def _part(request: web.Request) -> web.FileResponse:
    return _file(request.match_info["name"])


def _file(name: str) -> web.FileResponse:
    path = FILES / name
    if not path.is_file():
        raise web.HTTPNotFound
    # Said outright: a machine's own list of types may call a module plain text, which no browser would run.
    kind = f"{KINDS[path.suffix]}; charset=utf-8"
    return web.FileResponse(path, headers={**HEADERS, "Content-Type": kind})

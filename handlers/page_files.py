"""``/page/…`` and ``/sdk/…``: the files of the meeting page, ours and the video services'.

A file is served only if it is one of those that are known by name. What stands in an address is compared, never
joined to a path.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.page_files import BASE, FILES, NAMES, headers
from bot.routes import Routes
from bot.sdk import SDKS, Part, Sdk
from bot.services import SERVICES

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def register(routes: Routes) -> None:
    """Answer each known file's own address."""
    routes.pages.extend(web.get(f"{BASE}/{name}", _own(name)) for name in NAMES)
    routes.pages.extend(web.get(sdk.address(part), _theirs(sdk, part)) for sdk in SDKS.values() for part in sdk.parts)


def _own(name: str) -> Handler:
    async def give(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES / name, headers=headers(name))

    return give


def _theirs(sdk: Sdk, part: Part) -> Handler:
    async def give(request: web.Request) -> web.StreamResponse:
        place = sdk.place(part, request.app[SERVICES].sdk_dir)
        # Browsers keep a file forever, so that half of one would be kept as well.
        if part in sdk.missing(request.app[SERVICES].sdk_dir):
            return web.Response(
                status=404, text="Not installed: see `greenroom sdk install`.", headers={"Cache-Control": "no-store"}
            )
        return web.FileResponse(place, headers=headers(part.name))

    return give

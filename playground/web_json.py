"""How the page's requests are taken: JSON in, JSON out, refusals in words."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from playground.recordinglife import NotNow
from playground.slack_payloads import NoSuchElement
from playground.wishes import Wish

Json = dict[str, Any]
_Wish = TypeVar("_Wish", bound=Wish)


class Refused(Exception):
    """The playground does not do what was asked; ``status`` is the HTTP answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def takes(
    kind: type[_Wish], act: Callable[[_Wish], Awaitable[Json]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Make a handler of what a wish does; whatever is refused is said in ``error``."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            # A form of some other page could send anything else here without asking the browser first.
            return _refuse(415, "Only JSON is taken here.")
        try:
            return web.json_response(await act(kind.model_validate_json(await request.read())))
        except ValidationError as error:
            return _refuse(400, "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()))
        except Refused as refused:
            return _refuse(refused.status, str(refused))
        except NoSuchElement:
            return _refuse(404, "What was pressed is no longer there.")
        except NotNow as error:
            return _refuse(409, f"{error}.")

    return handle


def _place(where: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in where) or "body"


def _refuse(status: int, why: str) -> web.Response:
    return web.json_response({"ok": False, "error": why}, status=status)

"""What every door at one address for all begins with: whether there is one, who stands there, and that they sign in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps

from aiohttp import web

from bot.domain.ids import UserId
from bot.door_pages import Handler, kindly, not_ours, sign_in
from bot.entrance import Entrance
from bot.errors import UserError
from bot.services import SERVICES, Services
from bot.signin import is_door
from bot.visits import is_robot


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at a door.

    Args:
        services: what is behind it.
        entrance: who may pass.
        user: who it is.

    """

    services: Services
    entrance: Entrance
    user: UserId


Door = Callable[[web.Request, Caller], Awaitable[web.StreamResponse]]
"""Answers somebody of whom it is known who they are."""

Nowhere = Callable[[], UserError]
"""Says that nothing is at this address."""


def behind(request: web.Request, nowhere: Nowhere) -> tuple[Services, Entrance]:
    """Give what is behind a door.

    Raises:
        UserError: there is none at this address; made by ``nowhere``.

    """
    services = request.app[SERVICES]
    if services.entrance is None or not is_door(request.path):
        raise nowhere()
    return services, services.entrance


def goes_on(request: web.Request) -> bool:
    """Tell whether a page goes on by itself: a robot that makes a preview is to be let in nowhere."""
    return not is_robot(request)


def looking(nowhere: Nowhere) -> Callable[[Door], Handler]:
    """Ask who looks at a door to sign in, if need be; nothing is made for whoever only looks."""

    def door(show: Door) -> Handler:
        @kindly
        @wraps(show)
        async def shown(request: web.Request) -> web.StreamResponse:
            services, entrance = behind(request, nowhere)
            user = entrance.visits.user(request)
            if user is None:
                # Somebody who comes back from signing in and is not signed in would go round in circles by themselves.
                straight = goes_on(request) and "back" not in request.query
                return sign_in(request.path, entrance.signin.public_url, straight=straight)
            return await show(request, Caller(services, entrance, user))

        return shown

    return door


async def pressed(request: web.Request, nowhere: Nowhere, door: Door) -> web.StreamResponse:
    """Let somebody through who pressed the button on a page of ours, and is signed in."""
    services, entrance = behind(request, nowhere)
    if not entrance.visits.is_ours(request):
        return not_ours()
    user = entrance.visits.user(request)
    if user is None:
        return sign_in(request.path, entrance.signin.public_url, straight=False, status=401)
    return await door(request, Caller(services, entrance, user))

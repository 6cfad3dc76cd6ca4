"""``POST /webhooks/{provider}``: what the provider reports, verified, applied, and only then accepted."""

import hmac
import logging
from functools import partial, update_wrapper

from aiohttp import web
from multidict import istr
from redis.exceptions import RedisError

from bot.deadlines import Deadlines
from bot.door import body_of
from bot.errors import StoreBusy, WebhookError
from bot.exchanged import Delivery
from bot.log import bind, new_ref, ref_of
from bot.ports import Provider
from bot.providers import PROVIDERS
from bot.routes import Routes
from bot.services import SERVICES, Services
from bot.unsure import is_unsure

log = logging.getLogger(__name__)

ACCEPTED = 200
RTK_UUID, DYTE_UUID = istr("rtk-uuid"), istr("dyte-uuid")
PATIENCE = 8.0
"""Seconds in which a body must have arrived; a sender that dawdles is let go."""
STORED_WITHIN = 2.0
"""Seconds in which an event must be in Redis: Dyte waits for three and must hear our 503 before it gives up."""


def register(routes: Routes) -> None:
    """Answer webhooks, with and without a secret path."""
    deadlines = Deadlines(STORED_WITHIN)
    for name in PROVIDERS:  # an address that is spelt out is found quicker than a pattern
        accept = update_wrapper(partial(receive, name, deadlines), receive)
        routes.pages += [web.post(f"/webhooks/{name}", accept), web.post(f"/webhooks/{name}/{{secret}}", accept)]


async def receive(name: str, deadlines: Deadlines, request: web.Request) -> web.Response:
    """Accept a delivery once it is in Redis; the status says what the provider should do next."""
    services = request.app[SERVICES]
    provider = _addressed(name, request, services)
    with bind(_reference(request)):
        outcome, status = await _outcome(request, services, provider, deadlines)
    services.metrics.webhook(provider.name, outcome)
    return web.Response() if status == ACCEPTED else web.Response(status=status, text=outcome)


def _reference(request: web.Request) -> str:
    """Name a delivery in the log by the id that it keeps when it is repeated (docs.dyte.io, Webhooks)."""
    given = request.headers.get(RTK_UUID) or request.headers.get(DYTE_UUID)
    return ref_of(given) if given else new_ref()


def _addressed(name: str, request: web.Request, services: Services) -> Provider:
    provider = services.providers.named(name)
    given, wanted = request.match_info.get("secret", ""), services.path_secret or ""
    if provider is None or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise web.HTTPNotFound
    return provider


async def _outcome(
    request: web.Request, services: Services, provider: Provider, deadlines: Deadlines
) -> tuple[str, int]:
    try:
        body = await body_of(request, within=PATIENCE)
    except TimeoutError:
        # Anything below 500 would be final for RealtimeKit: with 503 it sends the event again.
        return "too slow", 503
    if body is None:
        return "too large", 413
    try:
        delivery = await provider.unwrap(request.headers, body)
        with deadlines.give():
            return await _take(services, provider, delivery), ACCEPTED
    except WebhookError as refusal:
        log.info("a delivery was refused: %s", refusal)
        return type(refusal).__name__, refusal.status
    except (RedisError, StoreBusy, OSError) as trouble:
        log.error("a delivery could not be stored: %s", type(trouble).__name__)  # noqa: TRY400 - no bug
        return "not stored", 503


async def _take(services: Services, provider: Provider, delivery: Delivery) -> str:
    if not await services.registration.is_ours(provider.name, delivery.webhook_id):
        return "foreign"
    changed = await services.meetings.handle(provider.name, delivery)
    if changed is not None or delivery.webhook_id:
        # Anybody's event verifies; one that names no webhook and no room of ours is no sign that ours are still coming.
        services.heard.accepted(provider.name)
    if changed is None:
        return "nothing new"
    if changed:
        services.wake.soon(changed.after.id, *(type(event).__name__ for event in delivery.events))
    if is_unsure(delivery, changed.after):
        await services.work.ask_now(changed.after.id)
    return "taken" if changed else "nothing new"

"""Carries out a wish that was written down: opens it, and lets Bolt find the listener."""

import json
import logging
from collections.abc import Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.journal import Journal
from bot.log import bind
from bot.seal import Seal, SealBroken
from bot.slack.app import FAILURE, LAST_TRY, REFERENCE, WISH

log = logging.getLogger(__name__)


class Dispatch:
    """The way from a written-down wish to its listener."""

    def __init__(self, app: AsyncApp, journal: Journal, seal: Seal, begun: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._journal = journal
        self._seal = seal
        self._begun = begun

    async def carry_out(self, key: str, sealed: str, *, last: bool) -> None:
        """Carry out a wish unless it was carried out already.

        Args:
            key: the wish's name.
            sealed: Slack's payload, sealed.
            last: whether this is the last try, so that the person is told of any trouble.

        """
        ref = key[:6]
        with bind(ref):
            wish = self._journal.wish(key)
            if await wish.is_finished():
                log.info("a repeated request was left alone")
                return
            payload = self._opened(sealed)
            if payload is None:
                return
            request = AsyncBoltRequest(
                body=payload, mode="socket_mode", context={WISH: wish, REFERENCE: ref, LAST_TRY: last}
            )
            await self._app.async_dispatch(request)
            failure = request.context.get(FAILURE)
            if isinstance(failure, Exception):
                raise failure
            await wish.finish()

    def _opened(self, sealed: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self._seal.open(sealed))
        except SealBroken:
            log.error("a wish cannot be opened: was SLACK_SIGNING_SECRET changed?")  # noqa: TRY400 - says it all
            return None
        return found

"""Carries out a wish that was written down: opens it, and lets Bolt find the listener."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.journal import Journal, Wish
from bot.log import bind
from bot.seal import Seal, SealBroken
from bot.slack.app import FAILURE, LAST_TRY, OUTCOME, REFERENCE, WISH
from bot.slack.inbox import reference
from bot.slack.inline import said_instead
from bot.slack.kinds import Words, kind_of, name_of
from bot.slack.respond import Responder

log = logging.getLogger(__name__)

Observe = Callable[[str, str, float], None]
"""Told of every wish: its kind, how it ended, and the seconds it took."""

DONE, AGAIN, TOLD, UNHEARD, REPEATED, UNREADABLE = "done", "again", "told", "unheard", "repeated", "unreadable"
"""How a wish ends, beside what ``bot.slack.errors`` says; ``again`` is no end."""

NOBODY_LISTENS = 404
"""What Bolt answers where no listener matches."""


class Dispatch:
    """The way from a written-down wish to its listener.

    Args:
        app: knows the listeners.
        journal: remembers what was carried out.
        seal: opens what was written down.
        responder: tells people what there is instead of the form that they asked for.
        words: what each slash command knows, for the log.
        observe: told of every wish.

    """

    def __init__(
        self, app: AsyncApp, journal: Journal, seal: Seal, responder: Responder, words: Words, observe: Observe
    ) -> None:
        self._app = app
        self._responder = responder
        self._journal = journal
        self._seal = seal
        self._words = words
        self._observe = observe

    async def carry_out(self, key: str, sealed: str, *, last: bool) -> None:
        """Carry out a wish unless it was carried out already.

        Args:
            key: the wish's name.
            sealed: Slack's payload, sealed.
            last: whether this is the last try, so that the person is told of any trouble.

        """
        with bind(reference(key)):
            started, outcome, payload = time.perf_counter(), AGAIN, None
            try:
                payload = self._opened(sealed, last=last)
                outcome = await self._outcome(payload, self._journal.wish(key), last=last)
            finally:
                self._note(payload or {}, outcome, time.perf_counter() - started)

    async def _outcome(self, payload: dict[str, Any] | None, wish: Wish, *, last: bool) -> str:
        if payload is None:
            return UNREADABLE
        if await wish.is_finished():
            return REPEATED
        instead = said_instead(payload)
        if instead is not None:
            await self._responder.to(payload)(instead)
            await wish.finish()
            return TOLD
        return await self._heard(payload, wish, last=last)

    async def _heard(self, payload: dict[str, Any], wish: Wish, *, last: bool) -> str:
        context = {WISH: wish, REFERENCE: reference(wish.key), LAST_TRY: last}
        request = AsyncBoltRequest(body=payload, mode="socket_mode", context=context)
        response = await self._app.async_dispatch(request)
        failure = request.context.get(FAILURE)
        if isinstance(failure, Exception):
            raise failure
        await wish.finish()
        return UNHEARD if response.status == NOBODY_LISTENS else str(request.context.get(OUTCOME, DONE))

    def _note(self, payload: dict[str, Any], outcome: str, seconds: float) -> None:
        kind, name = kind_of(payload), name_of(payload, self._words)
        self._observe(kind, outcome, seconds)
        log.info("%s: %s", name, outcome, extra={"wish": name, "outcome": outcome, "seconds": round(seconds, 3)})

    def _opened(self, sealed: str, *, last: bool) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self._seal.open(sealed))
        except SealBroken:
            log.error("a wish cannot be opened: was SLACK_SIGNING_SECRET changed?")  # noqa: TRY400 - says it all
            if not last:
                raise  # while the secret is being changed, another replica can open it
            return None
        return found

"""What is done while Slack waits: a form is opened while its trigger lives, and a filled one is looked over.

Whatever is not done here by then is left to be written down like any other wish: first of all what a person has to be
told instead of the form that they asked for.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import RedisError

from bot.domain.ids import ChannelId, UserId
from bot.errors import ChatBusy, ChatError
from bot.journal import Journal
from bot.slack.chat import SlackChat
from bot.slack.errors import explain
from bot.slack.respond import who_and_where
from bot.views import filled
from bot.views.forms import OUT_OF_DATE, Form
from bot.views.replies import Reply, plain

log = logging.getLogger(__name__)

PATIENCE = 1.9
"""Seconds for a form to be drawn and opened: Slack's trigger lives for three, and a failure has to be written down."""

NOTING = 0.3

INSTEAD = "greenroom_instead"
"""Where a wish says what the person is told; Slack sends nothing of that name, and what comes with it loses it."""

NOT_OPENED = "The form did not open in time. If you do not see it, please try again."
ALREADY_OPEN = "exchanged_trigger_id"
"""What Slack says of a trigger that has opened a form already, as where the same click is delivered twice."""
NO_TRIGGER = "none"
TOO_LATE = {"expired_trigger_id", "trigger_expired", "invalid_trigger_id"}

OPENED, TAKEN_IN, TO_MEND = "opened", "taken", "to_mend"
"""What becomes of a payload: its form is open, it is left to be written down, or the form stays open to be mended."""

Payload = dict[str, Any]
Check = Callable[[filled.View], Mapping[str, str]]
"""Looks over a filled form: what is to be mended, by the names of the questions."""
Draw = Callable[..., Awaitable[Form | Reply]]
"""Draws a form, or gives what is said instead; asks by name for ``opening`` and for services."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The click or command that asks for a form.

    Args:
        user: who asks.
        channel: where; empty where that is in no channel.
        text: what was typed after the command, its word included; empty for a click.
        action: what was clicked; empty for a command.

    """

    user: UserId
    channel: ChannelId
    text: str = ""
    action: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a payload while Slack waited.

    Args:
        outcome: in one word.
        answer: what Slack is told beside its 200.
        left: what is still to be carried out, so that it must be written down first; None where nothing is.

    """

    outcome: str
    answer: Payload | None = None
    left: Payload | None = None


@dataclass(frozen=True, slots=True)
class Inline:
    """Opens forms and looks them over.

    Args:
        draw_of: finds what draws the form that a payload asks for, None where it asks for none.
        check_of: finds what looks over the form of a callback id, None where there is no such form.
        services: what may be asked for by name.
        chat: opens forms.
        journal: remembers which wish opened its form.
        named: calls the commands in it what they are called here.

    """

    draw_of: Callable[[Payload], Draw | None]
    check_of: Callable[[str], Check | None]
    services: Mapping[str, object]
    chat: SlackChat
    journal: Journal
    named: Callable[[Any], Any]

    async def handle(self, payload: Payload, key: str, ref: str) -> Done:
        """Do what cannot wait; never fails.

        Args:
            payload: as Slack sent it.
            key: the wish's name.
            ref: the reference that the person is told when something went wrong.

        """
        payload.pop(INSTEAD, None)
        if payload.get("type") == "view_submission":
            return self._looked_over(payload, ref)
        draw = self.draw_of(payload)
        return Done(TAKEN_IN, left=payload) if draw is None else await self._opened(draw, payload, key, ref)

    # ------------------------------------------------------------ opening

    async def _opened(self, draw: Draw, payload: Payload, key: str, ref: str) -> Done:
        try:
            async with asyncio.timeout(PATIENCE):
                said = await self._open(draw, payload)
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the person is told
            said = plain(_explained(trouble, ref))
        if said is not None:
            return _to_tell(payload, said)
        await self._note(key)
        return Done(OPENED)

    async def _note(self, key: str) -> None:
        """Remember that the form is open, so that nobody is told anything when the same click comes once more."""
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(NOTING):
                await self.journal.wish(key).finish()

    async def _open(self, draw: Draw, payload: Payload) -> Reply | None:
        asked = inspect.signature(draw).parameters
        offered = {**self.services, "opening": opening_of(payload)}
        drawn = await draw(**{name: offered[name] for name in asked})
        if isinstance(drawn, Reply):
            return drawn
        try:
            await self.chat.open_form(payload.get("trigger_id") or NO_TRIGGER, self.named(drawn.view()))
        except ChatError as refusal:
            if refusal.code != ALREADY_OPEN:
                raise
        return None

    # ------------------------------------------------------------ looking over

    def _looked_over(self, payload: Payload, ref: str) -> Done:
        view = payload["view"]
        check = self.check_of(str(view.get("callback_id")))
        try:
            wrong = dict(check(view)) if check else {"": OUT_OF_DATE}
        except Exception as trouble:  # noqa: BLE001 - whatever it is, what was typed is not lost
            wrong = {"": explain(trouble, ref)}
        if not wrong:
            return Done(TAKEN_IN, left=payload)
        asked = filled.questions(view)
        if not asked:  # then Slack has no place to show it at
            return _to_tell(payload, plain(" ".join(wrong.values())))
        shown = {name: _bare(said) for name, said in self.named(_at_questions(wrong, asked)).items()}
        return Done(TO_MEND, answer={"response_action": "errors", "errors": shown})


def _at_questions(wrong: Mapping[str, str], asked: list[str]) -> dict[str, str]:
    """Put what belongs to no question at the first one: Slack takes a whole answer for broken if it names others."""
    placed: dict[str, str] = {}
    for name, words in wrong.items():
        at = name if name in asked else asked[0]
        placed[at] = f"{placed[at]} {words}" if at in placed else words
    return placed


def _bare(said: str) -> str:
    """Take the markup away, which Slack shows as it is written under a question."""
    return said.replace("`", "").replace("*", "")


def _to_tell(payload: Payload, said: Reply) -> Done:
    return Done(TAKEN_IN, left=payload | {INSTEAD: {"text": said.text, "blocks": list(said.blocks)}})


def said_instead(payload: Payload) -> Reply | None:
    """Give what a person is told instead of what they asked for; None where the wish is to be carried out."""
    said = payload.get(INSTEAD)
    return Reply(str(said["text"]), tuple(said["blocks"])) if said else None


def _explained(trouble: Exception, ref: str) -> str:
    match trouble:
        case TimeoutError() | RedisError() | OSError():
            log.warning("a form did not open in time: %s", type(trouble).__name__)
            return f"{NOT_OPENED} (ref {ref})"
        case ChatBusy():
            return f"Slack asks me to slow down, so the form did not open. Please try again in a minute. (ref {ref})"
        case ChatError() if trouble.code in TOO_LATE:
            log.warning("a form did not open in time: %s", trouble.code)
            return f"{NOT_OPENED} (ref {ref})"
        case ChatError():
            log.error("Slack did not open a form: %s", trouble.code)
            return f"Slack did not open the form. If you do not see it, please try again. (ref {ref})"
        case _:
            return explain(trouble, ref)


def opening_of(payload: Mapping[str, Any]) -> Opening:
    """Read who asks for a form, where, and with what."""
    user, channel = who_and_where(payload)
    return Opening(user, channel, str(payload.get("text") or ""), (payload.get("actions") or [{}])[0])

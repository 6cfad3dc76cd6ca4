"""Off the record: ``/record off 10m`` and its button pause a recording, which goes on by itself."""

from datetime import timedelta
from typing import Any

from bot.domain.lengths import read_length
from bot.errors import UserError
from bot.journal import Wish
from bot.meetings import Meetings
from bot.off_record import OffRecord
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.slack.text import rest
from bot.views import actions, replies

USUAL = timedelta(minutes=10)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=4)
HOW_TO = "Type how long, from a minute to four hours: `/record off 10m`. Without a length it is ten minutes."


def register(routes: Routes) -> None:
    """Answer ``/record off`` and the button of a running recording."""
    routes.record.add(
        "off",
        go_off,
        summary="Pause for a while and go on by itself, ten minutes where you give no length",
        example=f"{routes.record.name} off 10m",
        takes_more=True,
    )
    routes.button(actions.RECORD_OFF, press_off)


async def go_off(
    command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, off_record: OffRecord
) -> None:
    """Go off the record for as long as was typed."""
    length = wanted(rest(str(command.get("text", ""))))
    meeting = await meetings.here(answer.channel)
    recording = await off_record.begin(wish, meeting.id, None, answer.user, length)
    await answer(replies.recording_paused(recording, meeting))


async def press_off(action: dict[str, Any], answer: Respond, wish: Wish, off_record: OffRecord) -> None:
    """Go off the record for ten minutes; the thread shows it."""
    await off_record.begin(wish, *actions.unpack_recording(actions.about(action)), answer.user, USUAL)


def wanted(text: str) -> timedelta:
    """Read for how long.

    Raises:
        UserError: it is no length, or one that makes no sense; the text says what does.

    """
    if not text.strip():
        return USUAL
    length = read_length(text)
    if length is None:
        raise UserError(f"I cannot read that as a length of time. {HOW_TO}")
    if length < SHORTEST:
        raise UserError(f"That is too short to be of use. {HOW_TO}")
    if length > LONGEST:
        raise UserError(
            f"That is too long: a recording that is off for more than four hours is better stopped. {HOW_TO}"
        )
    return length

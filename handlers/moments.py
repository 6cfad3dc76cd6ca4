"""Mark moment: ``/record mark decided on v2`` and its button; the ready message lists them."""

from typing import Any

from bot.domain.ids import MeetingId, RecordingId
from bot.domain.moments import NOTE_MAX, Moment
from bot.journal import Wish
from bot.meetings import Meetings
from bot.moments import Moments
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.slack.sent import sent_at
from bot.slack.text import clean_note, rest
from bot.views import actions
from bot.views.moments import marked


def register(routes: Routes) -> None:
    """Answer ``/record mark`` and the button of a running recording."""
    routes.record.add(
        "mark",
        mark,
        summary="Mark this moment, with a note if you like; the finished recording lists them",
        example=f"{routes.record.name} mark decided on v2",
        takes_more=True,
    )
    routes.button(actions.RECORD_MARK, press_mark)


async def mark(
    command: dict[str, Any],
    body: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    moments: Moments,
) -> None:
    """Mark the moment at which this was typed."""
    meeting = await meetings.here(answer.channel)
    note = clean_note(rest(str(command.get("text", ""))), NOTE_MAX)
    await _mark(body, answer, wish, moments, meeting.id, None, note)


async def press_mark(
    action: dict[str, Any], body: dict[str, Any], answer: Respond, wish: Wish, moments: Moments
) -> None:
    """Mark the moment at which the button was pressed."""
    await _mark(body, answer, wish, moments, *actions.unpack_recording(actions.about(action)), "")


async def _mark(
    body: dict[str, Any],
    answer: Respond,
    wish: Wish,
    moments: Moments,
    meeting_id: MeetingId,
    recording_id: RecordingId | None,
    note: str,
) -> None:
    moment = Moment(at=await moments.at(wish, sent_at(body)), by=answer.user, text=note)
    recording = await moments.mark(meeting_id, recording_id, moment)
    await answer(marked(recording, moment))

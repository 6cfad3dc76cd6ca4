"""The form of a recording: ``/record options``, and "Record with options" in the card's menu."""

from bot.domain.ids import ChannelId, MeetingId
from bot.domain.meeting import Meeting, Status
from bot.domain.rules import Act
from bot.errors import MeetingClosed
from bot.journal import Wish
from bot.meetings import Meetings
from bot.permissions import Permissions
from bot.recording_choices import RecordingChoices
from bot.recordings import Recordings
from bot.routes import Routes
from bot.slack.inline import Opening
from bot.slack.respond import Respond
from bot.storage_profiles import label
from bot.views import actions, filled, replies, words
from bot.views.forms import Form
from bot.views.recording_answers import check_recording, read_recording
from bot.views.recording_form import RECORDING_FORM, Offered, recording_form
from bot.views.replies import Reply


def register(routes: Routes) -> None:
    """Open the form, and start what was filled in."""
    routes.record.opens("options", draw_here, summary="Choose in a form how to record")
    routes.more_opens(actions.RECORD_OPTIONS, draw_for_card)
    routes.form(RECORDING_FORM, check_recording, start_as_filled)


async def draw_here(
    opening: Opening, meetings: Meetings, recordings: Recordings, permissions: Permissions
) -> Form | Reply:
    """Draw the form for the meeting in this channel."""
    return await _draw(await meetings.here(opening.channel), opening, recordings, permissions)


async def draw_for_card(
    opening: Opening, meetings: Meetings, recordings: Recordings, permissions: Permissions
) -> Form | Reply:
    """Draw the form for the meeting in whose menu it was chosen."""
    return await _draw(await meetings.get(actions.chosen(opening.action)), opening, recordings, permissions)


async def _draw(meeting: Meeting, opening: Opening, recordings: Recordings, permissions: Permissions) -> Form | Reply:
    if meeting.status is Status.CLOSED:
        raise MeetingClosed(f"“{words.title(meeting)}” was ended for everyone, so there is nothing to record.")
    await permissions.insist(opening.user, Act.RECORD, meeting)
    running = meeting.active_recording
    if running:
        return replies.recording_done(running)
    return recording_form(meeting, _offered(recordings.choices), ChannelId(opening.channel))


def _offered(choices: RecordingChoices) -> Offered:
    storages = {name: label(profile.type) for name, profile in choices.profiles.items()}
    return Offered(storages, choices.storage, choices.bucket)


async def start_as_filled(view: filled.View, answer: Respond, wish: Wish, recordings: Recordings) -> None:
    """Start a recording as the form says."""
    meeting_id, options = MeetingId(filled.about(view)), read_recording(view).options
    await answer(replies.recording_done(await recordings.start(wish, meeting_id, answer.user, options)))

"""Watch and Download audio: a fresh link at the click, for the one who clicked."""

from typing import Any

from bot.errors import NoRecording
from bot.meetings import Meetings
from bot.recordings import Recordings
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, replies


def register(routes: Routes) -> None:
    """Answer the buttons of a finished recording."""
    routes.button(actions.RECORD_WATCH, watch)
    routes.button(actions.RECORD_AUDIO, download_audio)


async def watch(action: dict[str, Any], answer: Respond, meetings: Meetings, recordings: Recordings) -> None:
    """Hand out a fresh link to the picture."""
    await _hand_out(actions.about(action), answer, meetings, recordings, audio=False)


async def download_audio(action: dict[str, Any], answer: Respond, meetings: Meetings, recordings: Recordings) -> None:
    """Hand out a fresh link to the sound."""
    await _hand_out(actions.about(action), answer, meetings, recordings, audio=True)


async def _hand_out(value: str, answer: Respond, meetings: Meetings, recordings: Recordings, *, audio: bool) -> None:
    meeting_id, recording_id = actions.unpack_recording(value)
    meeting = await meetings.get(meeting_id)
    links = await recordings.links(meeting_id, recording_id)
    url = links.audio_url if audio else links.download_url
    if not url:
        raise NoRecording("The video service has no such file of this recording.")
    await answer(replies.watch(meeting, url, audio=audio))

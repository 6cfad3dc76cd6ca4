"""Watch and Download audio: a fresh link at the click, for the one who clicked."""

from typing import Any

from bot.channel_recordings import ChannelRecordings
from bot.errors import NoRecording
from bot.recordings import Recordings
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, replies
from bot.watching import Watching


def register(routes: Routes) -> None:
    """Answer the buttons of a finished recording."""
    routes.button(actions.RECORD_WATCH, watch)
    routes.button(actions.RECORD_AUDIO, download_audio)


async def watch(
    action: dict[str, Any],
    answer: Respond,
    recordings: Recordings,
    channel_recordings: ChannelRecordings,
    watching: Watching,
) -> None:
    """Hand out a fresh link to the picture."""
    await _hand_out(actions.about(action), answer, recordings, channel_recordings, watching, audio=False)


async def download_audio(
    action: dict[str, Any],
    answer: Respond,
    recordings: Recordings,
    channel_recordings: ChannelRecordings,
    watching: Watching,
) -> None:
    """Hand out a fresh link to the sound."""
    await _hand_out(actions.about(action), answer, recordings, channel_recordings, watching, audio=True)


async def _hand_out(
    value: str,
    answer: Respond,
    recordings: Recordings,
    channel_recordings: ChannelRecordings,
    watching: Watching,
    *,
    audio: bool,
) -> None:
    meeting_id, recording_id = actions.unpack_recording(value)
    shelved = await channel_recordings.one(meeting_id, recording_id)
    await watching.insist(shelved, answer.user, clicked_in=answer.channel, in_the_open=not answer.is_private)
    links = await recordings.links(meeting_id, recording_id, answer.user)
    url = links.audio_url if audio else links.download_url
    if not url:
        raise NoRecording("The video service has no such file of this recording.")
    await answer(replies.watch(shelved.meeting, url, audio=audio))
    await watching.note(meeting_id, recording_id, answer.user)

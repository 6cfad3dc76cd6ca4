"""``/record tracks``: each person's own sound, from the start to the files."""

from typing import Any

from bot.channel_recordings import ChannelRecordings
from bot.domain.voices import voice_of
from bot.errors import UserError
from bot.journal import Wish
from bot.meetings import Meetings
from bot.recordings import Recordings
from bot.routes import Routes, SlashCommand
from bot.slack.respond import Respond
from bot.slack.text import rest
from bot.tracks import Tracks
from bot.views import actions, replies, track_files
from bot.watching import Watching


def register(routes: Routes) -> None:
    """Answer ``/record tracks`` and the buttons of such a recording."""
    routes.record.add(
        "tracks",
        start_or_stop,
        summary="Record each person's own sound, in a file for each; `stop` ends it",
        example=f"{routes.record.name} tracks [stop]",
        takes_more=True,
    )
    routes.button(actions.TRACKS_START, press_start)
    routes.button(actions.TRACKS_FILES, hand_out_files)


async def start_or_stop(
    command: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    recordings: Recordings,
    tracks: Tracks,
    record_command: SlashCommand,
) -> None:
    """Record each person's own sound in this channel's meeting, or stop that."""
    meeting = await meetings.here(answer.channel)
    match rest(str(command.get("text", ""))).strip().lower():
        case "" | "start":
            recording = await tracks.start(wish, meeting.id, answer.user)
        case "stop":
            own = await tracks.to_stop(wish, meeting.id)
            recording = await recordings.stop(wish, meeting.id, own, answer.user)
        case _:
            raise UserError(f"Type `{record_command.name} tracks` or `{record_command.name} tracks stop`.")
    await answer(replies.recording_done(recording))


async def press_start(action: dict[str, Any], answer: Respond, wish: Wish, tracks: Tracks) -> None:
    """Try again at the press of a button; the thread shows it."""
    await tracks.start(wish, actions.meeting(action), answer.user)


async def hand_out_files(
    action: dict[str, Any],
    answer: Respond,
    tracks: Tracks,
    channel_recordings: ChannelRecordings,
    watching: Watching,
) -> None:
    """Hand out fresh links to everybody's file, to the one who asked."""
    meeting_id, recording_id = actions.unpack_recording(actions.about(action))
    shelved = await channel_recordings.one(meeting_id, recording_id)
    await watching.insist(shelved, answer.user, clicked_in=answer.channel, in_the_open=not answer.is_private)
    found = await tracks.files(meeting_id, recording_id, answer.user)
    voices = [(voice_of(shelved.meeting, file.name), file.url) for file in found.files]
    for reply in track_files.files(shelved.meeting, voices):
        await answer(reply)
    await watching.note(meeting_id, recording_id, answer.user)

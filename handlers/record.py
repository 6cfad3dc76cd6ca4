"""``/record`` and the recording buttons."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.options import RecordingOptions
from bot.domain.recording import Recording
from bot.errors import UserError
from bot.journal import Wish
from bot.meetings import Meetings
from bot.recordings import Recordings
from bot.routes import Routes, SlashCommand
from bot.slack.recording_options import insist, read_options
from bot.slack.respond import Respond
from bot.slack.taken_options import OPTION, WORD
from bot.slack.text import clean_title, near_miss, rest
from bot.views import actions, replies
from bot.views.blocks import escape


def register(routes: Routes) -> None:
    """Answer ``/record`` with its words, and the buttons of the card and of a recording."""
    add = routes.record.add
    add(
        "start",
        start,
        summary="Record the meeting in this channel; `start` may be left out",
        example=f"{routes.record.name} --codec vp8 --size 1280x720",
        takes_more=True,
    )
    add("pause", pause, summary="Pause the recording")
    add("resume", resume, summary="Go on with a paused recording")
    add("stop", stop, summary="Stop the recording; its file is announced in the thread")
    add("status", status, summary="See how the meeting and its recordings stand")
    routes.record.otherwise(start_or_help)
    routes.button(actions.RECORD_START, press_start)
    routes.button(actions.RECORD_PAUSE, press_pause)
    routes.button(actions.RECORD_RESUME, press_resume)
    routes.button(actions.RECORD_STOP, press_stop)


async def start(
    command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, recordings: Recordings
) -> None:
    """Record the meeting in this channel, as the options say."""
    await _start(rest(command.get("text", "")), answer, wish, meetings, recordings)


async def start_or_help(
    command: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    recordings: Recordings,
    record_command: SlashCommand,
) -> None:
    """Record when nothing but options was typed after the command; say what can be typed otherwise."""
    text = str(command.get("text", "")).strip()
    if text and not OPTION.fullmatch(WORD.findall(text)[0]):
        raise _unknown(text, record_command)
    await _start(text, answer, wish, meetings, recordings)


async def _start(text: str, answer: Respond, wish: Wish, meetings: Meetings, recordings: Recordings) -> None:
    typed = read_options(text)
    insist(typed.wrong, recordings.choices.mistakes_in(typed.options))
    meeting = await meetings.here(answer.channel)
    await answer(replies.recording_done(await recordings.start(wish, meeting.id, answer.user, typed.options)))


def _unknown(text: str, known: SlashCommand) -> UserError:
    meant = near_miss(text, known.known)
    if meant:
        return UserError(f"Did you mean `{known.name} {meant}`?")
    typed = f"{known.name} {escape(clean_title(text)[:60])}".rstrip()
    return UserError(f"I do not know `{typed}`. Try one of {', '.join(f'`{word}`' for word in known.known)}.")


async def pause(answer: Respond, wish: Wish, meetings: Meetings, recordings: Recordings) -> None:
    """Pause the recording that runs in this channel's meeting."""
    meeting = await meetings.here(answer.channel)
    recording = await recordings.pause(wish, meeting.id, None, answer.user)
    await answer(replies.recording_paused(recording, meeting))


async def resume(answer: Respond, wish: Wish, meetings: Meetings, recordings: Recordings) -> None:
    """Go on with the paused recording of this channel's meeting."""
    await _typed(recordings.resume, answer, wish, meetings)


async def stop(answer: Respond, wish: Wish, meetings: Meetings, recordings: Recordings) -> None:
    """Stop the recording of this channel's meeting."""
    await _typed(recordings.stop, answer, wish, meetings)


async def _typed(act: Callable[..., Awaitable[Recording]], answer: Respond, wish: Wish, meetings: Meetings) -> None:
    meeting = await meetings.here(answer.channel)
    await answer(replies.recording_done(await act(wish, meeting.id, None, answer.user)))


async def status(answer: Respond, meetings: Meetings) -> None:
    """Say how the meeting and its recordings stand."""
    await answer(replies.status(await meetings.here(answer.channel)))


async def press_start(
    action: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, recordings: Recordings
) -> None:
    """Start a recording at the press of a button, made like the one that failed where it is to be tried again."""
    meeting_id, like = actions.unpack_start(actions.about(action))
    failed = (await meetings.get(meeting_id)).recordings.get(like) if like else None
    await recordings.start(wish, meeting_id, answer.user, failed.once_more if failed else RecordingOptions())


async def press_pause(action: dict[str, Any], answer: Respond, wish: Wish, recordings: Recordings) -> None:
    """Pause at the press of a button."""
    await recordings.pause(wish, *actions.unpack_recording(actions.about(action)), answer.user)


async def press_resume(action: dict[str, Any], answer: Respond, wish: Wish, recordings: Recordings) -> None:
    """Go on at the press of a button."""
    await recordings.resume(wish, *actions.unpack_recording(actions.about(action)), answer.user)


async def press_stop(action: dict[str, Any], answer: Respond, wish: Wish, recordings: Recordings) -> None:
    """Stop at the press of a button, after the question that Slack asks."""
    await recordings.stop(wish, *actions.unpack_recording(actions.about(action)), answer.user)

"""The list of a channel's recordings, as one person sees it: one private message that is turned page by page."""

import math
from datetime import datetime

from bot.domain.audience import Viewing
from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.domain.recording import ERRORED, UPLOADED, Recording
from bot.domain.shelf import Page, Shelved, Spot, Turn, has_file, is_gone, may_hide
from bot.errors import UserError
from bot.exchanged import Block
from bot.views import actions, words
from bot.views.blocks import Element, button, clip, confirm, context, section
from bot.views.blocks import actions as row
from bot.views.kept import kept_elsewhere
from bot.views.recording import line_of
from bot.views.replies import Reply, plain

OLDER, NEWER = "older", "newer"
NAMED = 40
"""How many people who watched are named, so that the answer stays within Slack's limits."""

EMPTY = (
    "No recordings in this channel yet. Start a meeting with `/meet` and a title, then press Start recording on its "
    "card or type `/record`."
)


def recording_list(page: Page, user: UserId) -> Reply:
    """Draw a page of a channel's recordings for one person."""
    if not page.rows:
        return plain(EMPTY)
    title = "*Recordings of this channel*, newest first"
    lines = [_line(shelved, page.at) for shelved in page.rows]
    blocks: list[Block] = [section(title)]
    for shelved, line in zip(page.rows, lines, strict=True):
        blocks += [section(line), *row(_buttons(shelved, user, page.turn, page.at))]
    return Reply("\n".join([title, *lines]), tuple(blocks + row(_turns(page))))


def _line(shelved: Shelved, now: datetime) -> str:
    recording = shelved.recording
    voices = ["each person's own sound"] * recording.tracks
    facts = [
        f"*{words.title(shelved.meeting)}*",
        *voices,
        *_when(recording),
        *_measures(recording),
        _state(shelved, now),
    ]
    if recording.hiding and recording.is_hidden:
        facts.append(f"hidden from the channel by {words.mention(recording.hiding.by)}")
    return " · ".join(facts)


def _when(recording: Recording) -> list[str]:
    return [f"{words.day(recording.began)}, {words.clock(recording.began)}"] if recording.began else []


def _measures(recording: Recording) -> list[str]:
    if not recording.is_final:
        return []
    lasted = [words.length(recording.duration)] if recording.duration is not None else []
    return lasted + ([words.size(recording.size)] if recording.size else [])


def _state(shelved: Shelved, now: datetime) -> str:
    recording = shelved.recording
    if recording.status == ERRORED:
        return "failed, there is no file"
    if recording.status != UPLOADED:
        return line_of(recording).replace("*", "")
    until = words.day(recording.expires_at) if recording.expires_at else None
    if is_gone(shelved.meeting, recording, now):
        return "deleted by the video service" + (f" on {until}" if until else "")
    stored = kept_elsewhere(recording.chosen)
    where = "at the video service" if stored else "kept"
    return " · ".join(["ready", *stored, *([f"{where} until {until}"] if until else [])])


def _buttons(shelved: Shelved, user: UserId, turn: Turn | None, now: datetime) -> list[Element]:
    meeting, recording = shelved.meeting, shelved.recording
    about, name = actions.pack(meeting.id, recording.id), _name(shelved)
    found = []
    if has_file(meeting, recording, now):
        found += _ways(recording, about, name)
    if user == meeting.hosted_by and recording.viewers:
        found.append(button("See who watched", actions.RECORD_WATCHERS, about, about=name))
    if may_hide(meeting, recording, user) and recording.is_final:
        found.append(_hiding(recording, actions.pack(about, pack_turn(turn)), name))
    return found


def _ways(recording: Recording, about: str, name: str) -> list[Element]:
    if recording.tracks:
        return [button("Get the files", actions.TRACKS_FILES, about, style="primary", about=name)]
    picture = not recording.chosen.audio_only
    watch = [button("Watch", actions.RECORD_WATCH, about, style="primary", about=name)] if picture else []
    sound = [button("Download audio", actions.RECORD_AUDIO, about, about=name)] if recording.audio else []
    return watch + sound


def _hiding(recording: Recording, value: str, name: str) -> Element:
    if recording.is_hidden:
        return button("Show again", actions.RECORD_SHOW, value, about=name)
    question = confirm(
        "Hide this recording?",
        "Others no longer find it in the list, and in the thread it can no longer be watched. You can show it again.",
        yes="Hide recording",
    )
    return button("Hide from the channel", actions.RECORD_HIDE, value, about=name, confirm=question)


def _name(shelved: Shelved) -> str:
    began = shelved.recording.began
    return f"{shelved.meeting.title}, {words.plain_day(began)}, {words.plain_clock(began)}" if began else "recording"


def _turns(page: Page) -> list[Element]:
    found = []
    if page.newer:
        turn = Turn(page.rows[0].spot, newer=True)
        found.append(button("Newer", actions.RECORDINGS_NEWER, pack_turn(turn), about="show newer recordings"))
    if page.older:
        found.append(
            button(
                "Older", actions.RECORDINGS_OLDER, pack_turn(Turn(page.rows[-1].spot)), about="show older recordings"
            )
        )
    return found


def pack_turn(turn: Turn | None) -> str:
    """Put a page into a button's value; the first page is no words at all."""
    if turn is None:
        return ""
    spot = turn.beyond
    return actions.pack(NEWER if turn.newer else OLDER, repr(spot.at), spot.meeting, spot.recording)


def unpack_turn(value: str) -> Turn | None:
    """Read which page a button asks for.

    Raises:
        UserError: it does not say.

    """
    if not value:
        return None
    way, at, meeting, recording = _parts(value, 4)
    return Turn(Spot(_moment(at), MeetingId(meeting), RecordingId(recording)), newer=way == NEWER)


def _moment(value: str) -> float:
    try:
        at = float(value)
    except ValueError:
        at = math.nan
    if not math.isfinite(at):
        raise UserError(actions.OUT_OF_DATE)
    return at


def unpack_hiding(value: str) -> tuple[MeetingId, RecordingId, Turn | None]:
    """Read which recording is to be hidden or shown, and the page on which it stood; raises as ``unpack_turn``."""
    meeting, recording, *rest = value.split(actions.SEPARATOR, 2)
    return *actions.unpack_recording(actions.pack(meeting, recording)), unpack_turn(rest[0] if rest else "")


def _parts(value: str, number: int) -> list[str]:
    parts = value.split(actions.SEPARATOR)
    if len(parts) != number or not all(parts):
        raise UserError(actions.OUT_OF_DATE)
    return parts


def watchers(shelved: Shelved) -> Reply:
    """Say who watched a recording and when, first and last."""
    viewers = sorted(shelved.recording.viewers.items(), key=lambda each: (each[1].first, each[0]))
    title = f"Who watched *{words.title(shelved.meeting)}*" + "".join(f" · {when}" for when in _when(shelved.recording))
    if not viewers:
        return plain(f"{title}: nobody yet.")
    lines = [f"{words.mention(user)} {_seen(viewing)}" for user, viewing in viewers[:NAMED]]
    more = [f"and {len(viewers) - NAMED} more"] if len(viewers) > NAMED else []
    note = context("Everyone counts who was given a link; whether they looked to the end is known to nobody.")
    text = "\n".join([title, *lines, *more])
    return Reply(text, (section(clip(text, 3000)), note))


def _seen(viewing: Viewing) -> str:
    first = f"{words.day(viewing.first)}, {words.clock(viewing.first)}"
    again = words.day(viewing.last) + ", " + words.clock(viewing.last)
    return first if viewing.first == viewing.last else f"{first}, last {again}"

"""What became of a recording: the reply that announces its file, until that is deleted, or that it is lost."""

from bot.domain.meeting import Meeting
from bot.domain.recording import ERRORED, UPLOADED, Recording
from bot.domain.timeline import Kind, is_deleted, next_part, part_number, subject_of
from bot.exchanged import Block, Message
from bot.views import actions, ways, words
from bot.views.blocks import Element, button, section
from bot.views.blocks import actions as row
from bot.views.hidden import hidden_message
from bot.views.kept import kept_elsewhere
from bot.views.moments import moments_of

SHORT = 5
A_SECTION = 10
"""Moments that fit into a section however long their notes are (docs.slack.dev, Section block)."""


def ready_reply(meeting: Meeting, recording: Recording) -> list[Message]:
    """Draw the announcement of a finished recording; links are fetched at the click and never stand here."""
    if recording.status != UPLOADED:
        return []
    if recording.is_hidden:
        return [hidden_message(f"ready:{recording.id}", meeting, recording, broadcast=True)]
    line, moments = _announced(meeting, recording), moments_of(recording)
    buttons = [] if is_deleted(meeting, recording) else ways_to_the_file(meeting, recording)
    blocks: list[Block] = [section(line), *_in_sections(moments), *row(buttons)]
    text = "\n".join([f"{words.title(meeting)}: {line}", *moments])
    return [Message(f"ready:{recording.id}", text, tuple(blocks), broadcast=True)]


def _announced(meeting: Meeting, recording: Recording) -> str:
    deleted = is_deleted(meeting, recording)
    facts = [_part(meeting, recording) + ("*Recording*" if deleted else "*Recording ready*")]
    facts += [words.length(recording.duration)] if recording.duration is not None else []
    facts += [words.size(recording.size)] if recording.size else []
    facts += kept_elsewhere(recording.chosen)
    if deleted:
        day = _deleted_on(meeting, recording)
        facts.append(f"deleted by the video service{day}")
    elif recording.expires_at:
        where = "at the video service" if recording.chosen.storage else "kept"
        facts.append(f"{where} until {words.day(recording.expires_at)}")
    return " · ".join(facts)


def _deleted_on(meeting: Meeting, recording: Recording) -> str:
    if recording.expires_at and meeting.noticed(Kind.DELETED, subject_of(recording.id, recording.expires_at)):
        return f" on {words.day(recording.expires_at)}"
    found = meeting.noticed(Kind.DELETED, recording.id)
    return f", as was found on {words.day(found)}" if found else ""


def ways_to_the_file(meeting: Meeting, recording: Recording) -> list[Element]:
    """Draw the buttons that hand out links; none where the video service keeps no file."""
    options = recording.chosen
    if options.bucket is False:
        return []
    buttons = []
    if not options.audio_only:
        buttons.append(ways.watch(meeting, recording))
    if recording.audio:
        buttons.append(ways.audio(meeting, recording))
    return buttons


def _in_sections(lines: list[str]) -> list[Block]:
    return [section("\n".join(lines[start : start + A_SECTION])) for start in range(0, len(lines), A_SECTION)]


def failed_reply(meeting: Meeting, recording: Recording) -> list[Message]:
    """Draw the bad news: who asked for it, what is lost, what can be done."""
    if recording.status != ERRORED:
        return []
    if recording.is_hidden:
        return [hidden_message(f"failed:{recording.id}", meeting, recording)]
    started = recording.first("start")
    owner = f"{words.mention(started.by)}, the" if started else "The"
    part = _part(meeting, recording)
    line = f"{part}*Recording failed* · {owner} recording {_lost(recording)}, and there is no file of it."
    if recording.duration is not None and recording.duration < SHORT:
        line += f" Recordings under {SHORT} s are not kept by the video service."
    follows = next_part(meeting, recording)
    if follows:
        line += f" It goes on as part {part_number(meeting, follows)}."
    over, about = meeting.closed_at or follows, actions.pack(meeting.id, recording.id)
    buttons = [] if over else [button("Try again", actions.RECORD_START, about, about=meeting.title)]
    text = f"{words.title(meeting)}: {line}"
    return [Message(f"failed:{recording.id}", text, (section(line), *row(buttons)))]


def _lost(recording: Recording) -> str:
    if recording.duration:
        return f"broke off after {words.length(recording.duration)}"
    return "broke off" if recording.started_at else "never started"


def _part(meeting: Meeting, recording: Recording) -> str:
    number = part_number(meeting, recording)
    return f"Part {number} · " if number > 1 or next_part(meeting, recording) else ""

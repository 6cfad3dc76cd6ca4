"""Private answers: what one person is told, and nobody else sees."""

import math
from dataclasses import dataclass

from bot.domain.livestream import Livestream
from bot.domain.meeting import Meeting
from bot.domain.recording import Recording
from bot.exchanged import Block
from bot.views import actions, livestream, ways, words
from bot.views.blocks import actions as row
from bot.views.blocks import button, context, escape, section
from bot.views.card import OUTSIDE, is_between_people, state_line
from bot.views.recording import goes_on, line_of

LISTED = 10
RECORDING_OPTIONS = (
    "• `--codec h264` or `vp8` · `--size 1280x720` with sides of 1 to 1920",
    "• `--audio-file mp3` or `aac` beside the video, not with vp8 · `--audio-only` without a video",
    "• `--max 90m` from 60 s to 24 h · `--prefix standup` for the file's name: letters, digits, underscores",
    "• `--watermark https://example.com/logo.png right bottom 120x40`, where corner and size may be left out",
    "• `--storage NAME` for a storage of this deployment, or `none` · `--no-bucket` for no copy at the video service",
)
"""What can be chosen for a recording, as it is typed, with the providers' limits."""
ONE_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """A private answer: its words, and how it is drawn."""

    text: str
    blocks: tuple[Block, ...]


def in_words(reply: Reply) -> Reply:
    """Say the same without buttons, for when Slack does not take them: what a button opens becomes a link."""
    buttons = [each for block in reply.blocks if block["type"] == "actions" for each in block["elements"]]
    links = [f"<{each['url']}|{each['text']['text']}>" for each in buttons if each.get("url")]
    return Reply("\n".join([reply.text, *links]), ())


def plain(text: str) -> Reply:
    """Say something in words alone."""
    return Reply(text, (section(text),))


def join_link(meeting: Meeting, url: str) -> Reply:
    """Hand a person their own link."""
    text = f"Your own link to *{words.title(meeting)}*. It lets you in as yourself, so please do not pass it on."
    open_it = button("Open the meeting", actions.OPEN, meeting.id, style="primary", url=url, about=meeting.title)
    note = context("The link works for a few minutes. Press Join again whenever you need a new one.")
    return Reply(text, (section(text), *row([open_it]), note))


def no_page(meeting: Meeting) -> Reply:
    """Say that this deployment has no page to join on, and who can change that."""
    return plain(
        f"I cannot make a link to *{words.title(meeting)}* yet: whoever runs Greenroom has to set `PUBLIC_URL` or "
        "`JOIN_URL_TEMPLATE` first."
    )


def already_here(meeting: Meeting, request: str) -> Reply:
    """Offer the meeting that is alive in the channel, and another one all the same.

    Args:
        meeting: the one that is alive.
        request: what was typed, for the button that starts another.

    """
    text = f"*{words.title(meeting)}* is on in this channel already: {state_line(meeting)}"
    join = ways.join(meeting)
    another = button("Start another anyway", actions.START_ANOTHER, actions.pack(meeting.id, request))
    return Reply(text, (section(text), *row([join, another])))


def cannot_post_here(meeting: Meeting, *, call: bool = False) -> Reply:
    """Say that the card is not in this channel, where it is, and give the meeting all the same.

    Args:
        meeting: the one that was started.
        call: whether Slack's own card stands in its place.

    """
    why, invite = "I cannot post in this channel", ""
    if is_between_people(meeting):
        why = "apps cannot post in a conversation between people"
    elif meeting.home_because in OUTSIDE:
        invite = " Invite me with `/invite @Greenroom` to have the next one here."
    where = "Its card is in your direct messages with me."
    if meeting.host in meeting.unreachable:
        why, where = f"I can post {_nowhere(meeting)}", "So it has no card."
    if call:
        return _without_card(meeting, f"is ready: the card here shows who is in. {_beside(meeting, why)}{invite}")
    return _without_card(meeting, f"is ready, but {why}. {where}{invite}")


def _beside(meeting: Meeting, why: str) -> str:
    if meeting.host in meeting.unreachable:
        return f"It is all there is to see, because {why}."
    return f"Its controls and recordings are in your direct messages with me, because {why}."


def _nowhere(meeting: Meeting) -> str:
    return (
        f"neither in this channel (`{escape(str(meeting.home_because))}`)"
        f" nor in your direct messages (`{escape(meeting.unreachable[meeting.host])}`)"
    )


def card_comes_later(meeting: Meeting, seconds: float, because: str) -> Reply:
    """Say why the card is not there yet, and give the meeting all the same.

    Args:
        meeting: the one that was started.
        seconds: when the next try is.
        because: Slack's word; ``ratelimited`` where it only has to be waited for.

    """
    if because == "ratelimited":
        soon = f"{math.ceil(seconds / 60)} minutes" if seconds > ONE_MINUTE else "a minute"
        return _without_card(meeting, f"is ready. Slack asks me to slow down, so its card comes in about {soon}.")
    return _without_card(
        meeting,
        f"is ready, but it has no card: Slack does not accept my token any more (`{escape(because)}`)."
        " Please tell whoever runs Greenroom.",
    )


def _without_card(meeting: Meeting, said: str) -> Reply:
    text = f"*{words.title(meeting)}* {said} Everyone here gets a link of their own with `/meet join`."
    join = button("Join", actions.JOIN, meeting.id, style="primary", about=meeting.title)
    return Reply(text, (section(text), *row([join])))


def status(meeting: Meeting) -> Reply:
    """Say how a meeting stands, with its recordings."""
    recordings = [line_of(recording, meeting) for recording in meeting.in_order][-LISTED:]
    shown = [livestream.line_of(each) for each in meeting.broadcasts][-LISTED:]
    text = "\n".join([f"*{words.title(meeting)}*", state_line(meeting), *recordings, *shown])
    join = [] if meeting.closed_at else [ways.join(meeting)]
    return Reply(text, (section(text), *row(join)))


def recording_done(recording: Recording) -> Reply:
    """Confirm a typed command by what is true now."""
    return plain(line_of(recording))


def recording_paused(recording: Recording, meeting: Meeting) -> Reply:
    """Confirm that a recording stands still, and say what does not."""
    return plain(" · ".join([line_of(recording), *goes_on(meeting)]))


def watch(meeting: Meeting, url: str, *, audio: bool) -> Reply:
    """Hand a person a fresh link to a recording."""
    what = "The audio of" if audio else "The recording of"
    text = f"{what} *{words.title(meeting)}*, for you alone. The link expires; press the button again for a new one."
    label = "Download audio" if audio else "Watch the recording"
    open_it = button(label, actions.OPEN, meeting.id, style="primary", url=url, about=meeting.title)
    return Reply(text, (section(text), *row([open_it])))


def copy_link(meeting: Meeting) -> Reply:
    """Say what can be passed on: the address where everyone comes in as themselves, or how each gets their own link."""
    if address := ways.to_meeting(meeting):
        return plain(
            f"To pass on: everyone of this conversation comes in to *{words.title(meeting)}* as themselves at"
            f" <{escape(address)}>"
        )
    return plain(
        f"There is no one link to *{words.title(meeting)}* for everybody, so that nobody comes in under another's name."
        " Everyone in this channel gets a link of their own with `/meet join`."
    )


def ask_to_go_live(meeting: Meeting) -> Reply:
    """Ask before a meeting is shown to the public."""
    text = (
        f"Show *{words.title(meeting)}* to the public? Whoever has the address can watch and listen, without a name."
        " The address is posted in the thread once the meeting is on air."
    )
    return Reply(text, (section(text), *row([livestream.live_button(meeting)])))


def ask_to_stop_live(meeting: Meeting, shown: Livestream) -> Reply:
    """Ask before a livestream is taken off the air."""
    text = f"Stop showing *{words.title(meeting)}* to the public? The meeting itself goes on."
    return Reply(text, (section(text), *row([livestream.stop_button(meeting, shown)])))


def livestream_done(shown: Livestream) -> Reply:
    """Confirm a press or a typed command by what is true now."""
    return plain(livestream.line_of(shown))


def ended(meeting: Meeting) -> Reply:
    """Confirm that a meeting is over."""
    return plain(f"*{words.title(meeting)}* is ended for everyone.")


def ask_to_end(meeting: Meeting) -> Reply:
    """Ask before everyone is sent out."""
    text = f"End *{words.title(meeting)}* for everyone? A running recording stops, and nobody can join it again."
    yes = button("End for everyone", actions.END_NOW, meeting.id, style="danger", about=meeting.title)
    return Reply(text, (section(text), *row([yes])))


def help_text(first: list[str], second: list[str]) -> Reply:
    """List everything that can be typed."""
    how = ["How to record, after `/record` or after `/meet … --record`:", *RECORDING_OPTIONS]
    said = ["\n".join(lines) for lines in (first, second, how)]
    text = "\n\n".join(["*Greenroom* holds video meetings from Slack.", *said])
    return Reply(text, tuple(section(lines) for lines in ["*Greenroom* holds video meetings from Slack.", *said]))

"""Private answers about people: who was added, removed or made host, and the passes of guests."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ids import UserId
from bot.domain.meeting import Meeting
from bot.domain.roles import Guest
from bot.exchanged import Block
from bot.views import actions, words
from bot.views.blocks import actions as row
from bot.views.blocks import button, clip_escaped, confirm, context, section
from bot.views.replies import Reply, plain

NAMED = 20


def handed_over(meeting: Meeting) -> Reply:
    """Confirm that somebody else hosts."""
    host = words.mention(meeting.hosted_by)
    return plain(
        f"{host} hosts *{words.title(meeting)}* now. "
        "Whoever is inside gets their new rights there the next time they press Join."
    )


def added(meeting: Meeting, people: Sequence[UserId]) -> Reply:
    """Confirm that people were asked in."""
    return plain(f"Added to *{words.title(meeting)}*: {_names(people)}. Each has a direct message with a Join button.")


def removed(meeting: Meeting, people: Sequence[UserId]) -> Reply:
    """Confirm that people were taken out."""
    return plain(
        f"Taken out of *{words.title(meeting)}*: {_names(people)}. Their links are dead. "
        "To let somebody back in, type `/meet add` and their name."
    )


def muted(meeting: Meeting) -> Reply:
    """Confirm that everyone was muted."""
    return plain(f"Everyone in *{words.title(meeting)}* is muted. They can unmute themselves.")


def guest_pass(meeting: Meeting, guest: Guest, link: str) -> Reply:
    """Hand whoever made a pass its link, which is shown this once."""
    name = _name(guest)
    text = (
        f"A pass for {name} to *{words.title(meeting)}*, until {_until(guest.until)} or the end of the meeting. "
        f"Send this link to {name}, and to nobody else: whoever has it comes in under that name.\n`{link}`"
    )
    note = context("I do not show this link again. To take it back, type `/meet guests`.")
    return Reply(text, (section(text), note))


def guest_or_title(meeting: Meeting | None, name: str, title: str, request: str) -> Reply:
    """Ask what was meant, where what was typed may be a guest as well as a title.

    Args:
        meeting: the one that a guest could come to; None where there is none.
        name: of the guest; empty where nobody can be meant.
        title: of the meeting.
        request: what was typed, for the button that starts it.

    """
    start = button("Start the meeting", actions.START_ANOTHER, actions.pack("", request), about=title)
    shown = clip_escaped(title, words.TITLE_MAX)
    if meeting is None or not name:
        text = f"There is no meeting here to which I could let a guest in. Is “{shown}” to be a new one?"
        return Reply(text, (section(text), *row([start])))
    text = (
        f"Is {clip_escaped(name, words.NAME_MAX)} a guest of *{words.title(meeting)}*, or is “{shown}” a new meeting?"
    )
    make = button("Make the guest's link", actions.GUEST_MAKE, actions.pack(meeting.id, name), about=name)
    return Reply(text, (section(text), *row([make, start])))


def guest_list(meeting: Meeting, guests: Mapping[UserId, Guest]) -> Reply:
    """List passes that work, with a way to take each back; their links are not known any more."""
    if not guests:
        return plain(f"No guest has a pass to *{words.title(meeting)}*. Make one with `/meet guest` and a name.")
    lines = [
        f"{_name(guest)} · by {words.mention(guest.by)} · until {_until(guest.until)}" for guest in guests.values()
    ]
    text = f"Guests with a pass to *{words.title(meeting)}*"
    blocks: list[Block] = [section(text)]
    for (person, guest), line in list(zip(guests.items(), lines, strict=True))[:NAMED]:
        blocks += [section(line), *row([_revoke(meeting, person, guest)])]
    if len(lines) > NAMED:
        blocks.append(context(f"And {len(lines) - NAMED} more; they are shown once some of these are revoked."))
    return Reply("\n".join([text, *lines[:NAMED]]), tuple(blocks))


def _line(guest: Guest) -> str:
    return f"{_name(guest)} · by {words.mention(guest.by)} · until {_until(guest.until)}"


def _revoke(meeting: Meeting, person: UserId, guest: Guest) -> dict[str, object]:
    question = confirm(
        "Revoke this pass?", f"{guest.name} is sent out of the meeting and the link lets nobody in.", yes="Revoke pass"
    )
    about = actions.pack(meeting.id, person)
    return button("Revoke pass", actions.GUEST_REVOKE, about, style="danger", about=guest.name, confirm=question)


def revoked(guest: Guest) -> Reply:
    """Confirm that a pass lets nobody in any more."""
    return plain(f"The pass of {_name(guest)} is revoked: the link lets nobody in any more.")


def _name(guest: Guest) -> str:
    return clip_escaped(words.one_line(guest.name), words.NAME_MAX)


def _until(at: datetime) -> str:
    return f"{words.day(at)}, {words.clock(at)}"


def _names(people: Sequence[UserId]) -> str:
    return ", ".join(words.mention(person) for person in people)

"""What is said around ringing people: the question before, what was done, and the answer to an answer."""

from collections.abc import Sequence

from bot.domain.ids import UserId
from bot.domain.meeting import Meeting
from bot.views import actions, words
from bot.views.blocks import actions as row
from bot.views.blocks import button, confirm, section
from bot.views.replies import Reply, plain

MANY = 50
"""People from which on a click is asked about once more."""
NAMED = 8


def ask(meeting: Meeting, whom: str, people: Sequence[UserId]) -> Reply:
    """Ask before people are rung, with who they are; where nobody is missing say so."""
    title, number = words.title(meeting), len(people)
    if not number:
        return plain(f"Nobody is left to ring: everyone is in *{title}*, was asked before, or cannot come.")
    who = words.roll([words.mention(person) for person in people], most=NAMED)
    text = f"Not in *{title}* yet: {who}. Ring them? Each gets one message from me, with a way in."
    question = confirm("Ring so many?", f"{number} people get a direct message now.", yes=_label(number))
    ring = button(
        _label(number),
        actions.RING,
        actions.pack(meeting.id, whom),
        style="primary",
        about=meeting.title,
        confirm=question if number > MANY else None,
    )
    return Reply(text, (section(text), *row([ring])))


def _label(number: int) -> str:
    return f"Ring {words.people(number)}"


def rung(number: int) -> Reply:
    """Say how many are written to."""
    if not number:
        return plain("Nobody was left to ring.")
    return plain(f"Ringing {words.people(number)}. Who cannot come is named on the card.")


def sorry_noted(meeting: Meeting) -> Reply:
    """Thank somebody who cannot come."""
    return plain(
        f"I have put on the card of *{words.title(meeting)}* that you cannot come now. Join still works if you can."
    )

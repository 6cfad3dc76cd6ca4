"""Slack's own card of a call, for conversations in which the bot cannot edit a message: who is in, and the message."""

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import CallId, UserId
from bot.domain.meeting import Meeting, Presence
from bot.views import words
from bot.views.blocks import clip
from bot.views.replies import Reply

NAME_MAX, TITLE_MAX = 80, 200
STRANGER = "Guest"

Caller = dict[str, str]
"""Somebody as ``calls.participants.add`` takes them: by their Slack id, or by an id and a name of ours."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who is in.

    Args:
        caller: as whom anybody can be shown, whether Slack knows them or not.
        user: who they are in Slack; None for strangers and guests with a pass.

    """

    caller: Caller
    user: UserId | None = None


def who_is_in(meeting: Meeting) -> dict[str, Inside]:
    """Give who is in, one entry a person whatever number of devices, by what tells people apart."""
    return {presence.who: _inside(presence, meeting) for presence in words.distinct(meeting.inside)}


def _inside(presence: Presence, meeting: Meeting) -> Inside:
    person = UserId(presence.person or "")
    face, guest = meeting.company.faces.get(person), meeting.roles.guests.get(person)
    typed = guest.name if guest else face.name if face else presence.name
    name = clip(words.one_line(typed or presence.name or ""), NAME_MAX) or STRANGER
    # Stable for a person in a meeting, so that whoever comes back is no second one; and no name is in it.
    identity = hashlib.sha256(f"{meeting.id} {presence.who}".encode()).hexdigest()[:24]
    caller = {"external_id": identity, "display_name": name}
    if face and face.picture and face.picture.startswith("https://"):
        caller["avatar_url"] = face.picture
    return Inside(caller, person if words.is_slack_user(person) else None)


def as_member(user: UserId) -> Caller:
    """Name somebody whom Slack knows."""
    return {"slack_id": user}


def without_looks(caller: Caller) -> Caller:
    """Name somebody who is to be taken out: by the id alone."""
    return {name: value for name, value in caller.items() if name in {"slack_id", "external_id"}}


def call_title(meeting: Meeting) -> str:
    """Name the call; Slack takes no markup there."""
    return clip(words.one_line(meeting.title), TITLE_MAX)


def call_message(meeting: Meeting, call: CallId, url: str) -> Reply:
    """Draw the message in which Slack's card stands; its text says all, because screen readers read nothing else."""
    text = (
        f"*{words.title(meeting)}*: {words.mention(meeting.host)} started a video meeting. "
        f"Join at {url} or type `/meet join`."
    )
    block: dict[str, Any] = {"type": "call", "call_id": call}
    return Reply(text, (block,))

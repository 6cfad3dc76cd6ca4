"""What people asked for, how each request was answered, and which of them came to nothing."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.meeting import Meeting
from bot.slack.inbox import wish_name
from playground.slack import SlackSimulator
from playground.slack_payloads import action_of, block_actions, command_fields, find_element
from playground.slack_response_urls import ResponseUrl
from playground.slack_sending import Ack
from playground.workspace_values import Message

ACTS = {
    "record_start": "start",
    "record_pause": "pause",
    "record_resume": "resume",
    "record_stop": "stop",
    "record_off": "off",
    "live_stop": "live stop",
}
"""Buttons whose success is seen in the thread alone; everything else is answered privately too."""

STARTS = ("record_start", "tracks_start", "/record", "/record start", "/record --max 1m", "/record tracks")
ASKED_BY = {
    "start": STARTS,
    "pause": ("record_pause", "/record pause", "record_off", "/record off"),
    "resume": ("record_resume", "/record resume"),
    "return": ("record_off", "/record off"),
    "stop": ("record_stop", "/record stop", "/record tracks stop"),
    "off": ("record_off", "/record off"),
    "live start": ("live_start",),
    "live stop": ("live_stop", "/meet live stop"),
}
"""What a person must have pressed or typed for the bot to say that they did something."""


@dataclass
class Wish:
    """One request of one person; ``room`` and ``recording`` are what a button is about, ``key`` is its name in the bot.

    ``answers`` is the way back that came with the request, and counts how often it was used.
    """

    what: str
    user: str
    channel: str
    answers: ResponseUrl
    key: str
    room: str = ""
    recording: str = ""
    acks: list[Ack] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether Slack was told that it is in good hands."""
        return any(ack.status == 200 for ack in self.acks)

    @property
    def was_answered(self) -> bool:
        """Whether the person was told something."""
        return self.answers.uses > 0


class People:
    """Types and clicks, and keeps book."""

    def __init__(self, slack: SlackSimulator) -> None:
        self.wishes: list[Wish] = []
        self._slack = slack

    async def types(self, user: str, channel: str, line: str, *, times: int = 1) -> Wish:
        """Type a command; ``times`` is how often Slack delivers the same request."""
        space = self._slack.workspace
        who, here = space.user(user), space.channel(channel)
        name, _, text = line.partition(" ")
        url, answers = self._way_back(here.id, who.id)
        fields = command_fields(space, here, who, name, text, url)
        wish = self._booked(Wish(line, who.id, here.id, answers, _name(fields)))
        await self._sent(wish, [self._slack.delivery.command(fields) for _ in range(times)])
        return wish

    async def clicks(
        self, user: str, message: Message, action_id: str, *, times: int = 1, selected: str | None = None
    ) -> Wish:
        """Press a button of a message as it looked then, which may be long ago."""
        space = self._slack.workspace
        who, here = space.user(user), space.channel(message.channel)
        action = action_of(*find_element(message.blocks, action_id, None, None), selected)
        url, answers = self._way_back(here.id, who.id, source=message.ts)
        payload = block_actions(space, here, who, message, action, url)
        room, recording = _about(action)
        wish = self._booked(Wish(action_id, who.id, here.id, answers, _name(payload), room, recording))
        await self._sent(wish, [self._slack.delivery.interaction(payload) for _ in range(times)])
        return wish

    def _way_back(self, channel: str, user: str, source: str | None = None) -> tuple[str, ResponseUrl]:
        urls = self._slack.response_urls
        url = urls.make(channel, user, source=source)
        return url, urls._known[url.rpartition("/")[2]]

    def _booked(self, wish: Wish) -> Wish:
        self.wishes.append(wish)
        return wish

    async def _sent(self, wish: Wish, deliveries: list[Any]) -> None:
        wish.acks += await asyncio.gather(*deliveries)


def _name(payload: Mapping[str, Any]) -> str:
    return wish_name({name: value for name, value in payload.items() if name != "token"})


def _about(action: dict[str, Any]) -> tuple[str, str]:
    value = str((action.get("selected_option") or action).get("value") or "")
    room, _, rest = value.removeprefix("end|").partition("|")
    return room, rest


def lost(wishes: Iterable[Wish], titles: set[str], meetings: dict[str, Meeting]) -> list[Wish]:
    """Find the acknowledged wishes that had neither an effect nor a private answer.

    Args:
        wishes: all of them.
        titles: what the meetings are called whose card stands in a channel.
        meetings: every meeting by its id, as the bot knows it now.

    """
    silent = [wish for wish in wishes if wish.counts and not wish.was_answered]
    seen = Counter(act for meeting in meetings.values() for act in _acts(meeting))
    missing = []
    for wish in silent:
        act = ACTS.get(wish.what)
        key = (wish.room, "" if act == "start" else wish.recording, act or "", wish.user)
        if act and seen[key]:
            seen[key] -= 1
        elif not (wish.what.startswith("/meet ") and wish.what.removeprefix("/meet ").split(" --")[0] in titles):
            missing.append(wish)
    return missing


def _acts(meeting: Meeting) -> list[tuple[str, str, str, str]]:
    done = [(own, act.action, act.by) for own, one in meeting.recordings.items() for act in one.acts]
    done += [(own, "off", off.by) for own, one in meeting.recordings.items() for off in one.offs]
    shown = [(own, f"live {act.action}", act.by) for own, one in meeting.livestreams.items() for act in one.acts]
    return [(meeting.id, "" if action == "start" else own, action, by) for own, action, by in (*done, *shown)]


def unasked(wishes: Iterable[Wish], meetings: dict[str, Meeting]) -> list[str]:
    """Find what the bot says a person did although that person never asked for it."""
    asked = {(wish.room or wish.channel, wish.what, wish.user) for wish in wishes}
    found = []
    for meeting in meetings.values():
        for room, about, action, user in _acts(meeting):
            ways = {(where, what, user) for where in (room, meeting.channel) for what in ASKED_BY[action]}
            if not ways & asked:
                found.append(f"{meeting.title}: {user} did not {action} {about}")
    return found

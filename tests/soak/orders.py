"""One story told in many orders, with repetitions, to several replicas: every thread must come out the same.

Run it with ``python -m tests.soak.orders --orders 500 --replicas 3``; see docs/reliability.md. The provider answers
no question while the story is told, so that nothing but the webhooks can have made a thread right. What people asked
for in between is told by a further replica, this process, in its place among the webhooks.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import pairwise
from random import Random
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console

from bot.clock import utcnow
from bot.domain.apply import apply
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.errors import StoreBusy
from bot.store import MeetingStore
from bot.views.thread import render_thread
from playground.slack_web_api import Call
from playground.timers import Pace
from playground.workspace_values import Message
from tests.soak.outcome import EDIT_EVERY, Outcome
from tests.soak.pattern import TITLE, Asked, Pattern, Told, happens
from tests.soak.story import USERS, populate
from tests.soak.truth import plain_blocks, posted, true_meeting
from tests.support.fleet import Fleet, fleet, lift_workspace_limits

TOLERANCE = 0.15
AT_ONCE = 12
ASKING = (
    "list_sessions",
    "get_active_session",
    "list_session_participants",
    "list_recordings",
    "get_recording",
    "get_active_livestream",
    "get_livestream",
    "start_recording",
)
WRITING = {"chat.postMessage", "chat.update"}
IN_NO_WEBHOOK = {"invoked_at": None, "started_at": None, "stopped_at": None, "reason": None}
"""What webhooks do not tell of a livestream, and nobody answers here who is asked for it."""
Say = Callable[[str], None]
Result = TypeVar("Result")
Thread = dict[str, Any]


@dataclass
class Telling:
    """Tells the story to the fleet."""

    fleet: Fleet
    redis: Redis
    random: Random
    outcome: Outcome = field(default_factory=Outcome)
    calls: list[Call] = field(default_factory=list)

    async def all(self, orders: int, say: Say) -> Outcome:
        """Tell it so many times, each time of a fresh meeting."""
        scene = self.fleet.stage
        lift_workspace_limits(scene)
        channels = populate(scene, orders + 1)
        pattern_room = await self._started(channels.pop())
        pattern = await happens(scene.provider, scene.provider.rooms.meetings[pattern_room])
        limit = asyncio.Semaphore(AT_ONCE)
        rooms = await asyncio.gather(*(self._within(limit, self._started(channel)) for channel in channels))
        for operation in ASKING:
            scene.provider.faults.fail(operation, times=1_000_000_000)
        self._keep_calls()
        self.calls.clear()
        await asyncio.gather(*(self._within(limit, self._one(pattern, room)) for room in rooms))
        await self._settled()
        for room in rooms:
            await self._compared(pattern, room)
        self.outcome.other_calls.update(call.method for call in self.calls if call.method not in WRITING)
        say(f"{len(pattern.webhooks)} webhooks in the story, {len(pattern.asked)} things that people asked for")
        return self.outcome

    async def _started(self, channel: str) -> str:
        scene = self.fleet.stage
        ack = await scene.slack.command(USERS[0], channel, f"/meet {TITLE}")
        assert ack.ok, ack
        async with asyncio.timeout(20):
            while not (posts := scene.slack.workspace.messages(channel)):
                await asyncio.sleep(0.02)
        assert posts[0].metadata is not None
        return str(posts[0].metadata["event_payload"]["meeting"]).partition(":")[2]

    async def _within(self, limit: asyncio.Semaphore, work: Coroutine[Any, Any, Result]) -> Result:
        async with limit:
            return await work

    async def _one(self, pattern: Pattern, room: str) -> None:
        """Tell everything once, some of it up to three times, a few things at the same moment."""
        letters: list[Told | Asked] = [*pattern.for_room(room), *pattern.asked_in(room)]
        letters = [each for each in letters for _ in range(self.random.choice((1, 1, 2, 3)))]
        self.random.shuffle(letters)
        longest = self.random.choice((0.0, 0.05, 0.4))
        while letters:
            batch = [letters.pop() for _ in range(min(len(letters), self.random.randint(1, 4)))]
            await asyncio.gather(*(self._told(room, letter) for letter in batch))
            await asyncio.sleep(self.random.uniform(0, longest))
        self.outcome.told += 1

    async def _told(self, room: str, letter: Told | Asked) -> None:
        if isinstance(letter, Told):
            await self._deliver(letter.body, letter.uuid)
        else:
            await self._write_down(MeetingId(f"realtimekit:{room}"), letter)

    async def _write_down(self, meeting: MeetingId, asked: Asked) -> None:
        """Tell a meeting what somebody asked for, once more where Redis was too slow, as a wish is carried out."""
        store = MeetingStore(self.redis, utcnow)
        while True:
            with suppress(RedisError, StoreBusy):
                await store.update(meeting, partial(apply, event=asked))
                return

    async def _deliver(self, body: str, uuid: str) -> None:
        scene = self.fleet.stage
        url = f"{scene.slack.bot_url}/webhooks/realtimekit"
        status = 0
        while status != 200:
            status = await scene.provider.deliver_raw("realtimekit", url, body.encode(), uuid=uuid)
            self.outcome.deliveries += 1
            self.outcome.refused += status != 200
            self._keep_calls()

    def _keep_calls(self) -> None:
        """Take Slack's log of calls before it drops the oldest."""
        log = self.fleet.stage.slack.calls
        self.calls += log
        log.clear()

    async def _settled(self) -> None:
        store = MeetingStore(self.redis, utcnow)
        async with asyncio.timeout(120):
            while await store.stale():
                await asyncio.sleep(0.2)
        self._keep_calls()

    async def _compared(self, pattern: Pattern, room: str) -> None:
        key = f"realtimekit:{room}"
        saved = await MeetingStore(self.redis, utcnow).get(MeetingId(key))
        assert saved is not None
        copies = posted(self.fleet.stage.slack.workspace)[key]
        standing = {
            pattern.back(slot, room): [pattern.back(one.text, room), _back(pattern, room, one.blocks)]
            for slot, (*_, one) in copies.items()
        }
        self.outcome.doubled += [f"{room}: {slot}" for slot, found in copies.items() if len(found) > 1]
        told = Meeting.model_validate_json(pattern.back(saved.meeting.model_dump_json(), room))
        wanted = self._wanted(told)
        if _asked_of(told) != _asked_of(reduce(apply, pattern.asked, _unasked(told))):
            self.outcome.unlike.append(f"{room}: who asked for what")
        self.outcome.unlike += [
            f"{room}: {slot}\n   is {standing.get(slot)}\n   not {wanted.get(slot)}"
            for slot in standing.keys() | wanted.keys()
            if standing.get(slot) != wanted.get(slot)
        ]
        self._count_edits(copies["card"][0].ts, {found[0].ts for found in copies.values()}, room)
        self.outcome.in_vain += [f"{room}: {slot}" for slot, (one, *_) in copies.items() if self._edited_in_vain(one)]

    def _wanted(self, told: Meeting) -> Thread:
        """Draw the thread from the provider's own records of the room in which the story happened."""
        true = true_meeting(told, self.fleet.stage.provider)
        shown = {own: each.model_copy(update=IN_NO_WEBHOOK) for own, each in true.livestreams.items()}
        true = true.model_copy(update={"unanswered_at": told.unanswered_at, "livestreams": shown})
        return {one.slot: [one.text, plain_blocks(json.loads(json.dumps(one.blocks)))] for one in render_thread(true)}

    def _count_edits(self, card: str, all_: set[str], room: str) -> None:
        edits = [call for call in self.calls if call.method == "chat.update" and call.args.get("ts") in all_]
        by_card = [call.at.timestamp() for call in edits if call.args["ts"] == card]
        self.outcome.card_edits.append(len(by_card))
        self.outcome.other_edits.append(len(edits) - len(by_card))
        if any(later - earlier < EDIT_EVERY - TOLERANCE for earlier, later in pairwise(by_card)):
            self.outcome.too_fast.append(f"{room}: {Counter(round(at, 1) for at in by_card)}")

    def _edited_in_vain(self, message: Message) -> bool:
        """Tell whether an edit made a message look as it looked already."""
        earlier = self.fleet.stage.slack.workspace.earlier(message.channel, message.ts)
        return any((one.text, one.blocks) == (other.text, other.blocks) for one, other in pairwise([message, *earlier]))


def _asked_of(meeting: Meeting) -> dict[str, Any]:
    """Give everything that people, and not the provider, have told of a meeting."""
    recordings = {own: (one.acts, one.offs, one.marks, one.options) for own, one in meeting.recordings.items()}
    streams = {own: (one.acts,) for own, one in meeting.livestreams.items()}
    return {own: asked for own, asked in (recordings | streams).items() if any(asked)}


def _unasked(meeting: Meeting) -> Meeting:
    return meeting.model_copy(update={"recordings": {}, "livestreams": {}})


def _back(pattern: Pattern, room: str, blocks: object) -> Any:
    return json.loads(pattern.back(json.dumps(plain_blocks(blocks)), room))


async def run(orders: int, replicas: int, seed: int = 1, say: Say = lambda _line: None) -> Outcome:
    """Tell the story so many times."""
    async with fleet(replicas, pace=Pace()) as running:
        redis = Redis.from_url(running.redis.url)
        try:
            return await Telling(running, redis, Random(seed)).all(orders, say)  # noqa: S311 - a run that can be made again
        finally:
            await redis.aclose()


def main() -> None:
    """Run and report; the exit code says whether any thread was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    out = Console(soft_wrap=True, highlight=False, markup=False)
    outcome = asyncio.run(run(**vars(parser.parse_args()), say=out.print))
    for line in outcome.lines():
        out.print(line)
    raise SystemExit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()

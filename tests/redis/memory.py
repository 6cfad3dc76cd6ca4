"""How much Redis holds for a meeting, and whether that stays the same over thousands of them.

Run it with ``python -m tests.redis.memory --meetings 10000``; see docs/reliability.md.
"""

import argparse
import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial, reduce
from itertools import pairwise
from typing import Any

from redis.asyncio import Redis
from rich.console import Console

from bot.choice import Providers
from bot.clock import utcnow
from bot.clockwork import Clockwork
from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import ChannelId, MeetingId, ParticipantId, PeerId, RecordingId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.happenings import Happenings
from bot.journal import Journal
from bot.locks import Locks
from bot.polling import Polling
from bot.posts import Post, Posts
from bot.reconciler import Reconciler
from bot.seal import Seal
from bot.store import MeetingStore
from bot.views.thread import digest, render_thread
from bot.work import Work
from tests.support.chat_double import ChatDouble
from tests.support.redis_server import redis_server

PEOPLE, INVITED = 6, 2
WISHES = 9
"""One to start, six to join, two about the recording."""
PAYLOAD = 1500
"""Bytes of a click as Slack sends it."""
STEPS, AT_ONCE = 10, 50
FAMILIES = ("greenroom", "meeting", "posts", "recording", "channel", "wish", "index")


async def hold(redis: Redis, number: int) -> MeetingId:
    """Hold a meeting of six people with one recording, from its start to its file, and show its thread."""
    store, posts, began = MeetingStore(redis, utcnow), Posts(redis), utcnow() - timedelta(hours=1)
    meeting = _meeting(number, began)
    await store.add(meeting)
    for chapter in _story(number, began):
        change = partial(_all, chapter)
        await store.update(meeting.id, change)
    await store.set_current(meeting.channel, meeting.id)
    saved = await store.get(meeting.id)
    assert saved
    for place, message in enumerate(render_thread(saved.meeting)):
        home = ChannelId(message.to or meeting.home)
        post = Post(home=home, channel=ChannelId(f"C{number:010}"), ts=f"1795280000.{place:06}", digest=digest(message))
        await posts.record(meeting.id, message.slot, post)
    await store.settle(meeting.id, saved.version)
    await _remember_wishes(Journal(redis), meeting)
    return meeting.id


def _all(chapter: Iterable[e.Event], meeting: Meeting) -> Meeting:
    return reduce(apply, chapter, meeting)


def _meeting(number: int, began: datetime) -> Meeting:
    channel = ChannelId(f"C{number:010}")
    invited = tuple(_user(number, person) for person in range(1, INVITED + 1))
    return Meeting(
        id=MeetingId(f"realtimekit:{uuid.uuid4()}"),
        title=f"Weekly sync of team {number}",
        channel=channel,
        home=channel,
        host=_user(number, 0),
        created_at=began,
        invited=invited,
    )


def _user(number: int, person: int) -> UserId:
    return UserId(f"U{number % 1000:06}{person:04}")


def _story(number: int, began: datetime) -> list[list[e.Event]]:
    """Tell it in chapters, each of which is one write here; what is held in the end is the same."""
    session, recording = SessionId(str(uuid.uuid4())), RecordingId(str(uuid.uuid4()))
    peers = [PeerId(str(uuid.uuid4())) for _ in range(PEOPLE)]
    users = [_user(number, person) for person in range(PEOPLE)]

    def at(minutes: float) -> datetime:
        return began + timedelta(minutes=minutes)

    told = partial(e.RecordingUpdated, recording, invoked_at=at(5))
    return [
        [e.ParticipantKnown(user, ParticipantId(str(uuid.uuid4())), at(1)) for user in users],
        [e.SessionStarted(session, at(1))],
        [e.ParticipantJoined(p, session, u, f"Person {u}", at(2)) for p, u in zip(peers, users, strict=True)],
        [e.RecordingActed(recording, "start", users[0], at(5)), told("INVOKED")],
        [told("RECORDING", started_at=at(5), observed_at=at(5))],
        [e.RecordingActed(recording, "stop", users[1], at(40)), told("UPLOADING", stopped_at=at(40))],
        [told("UPLOADED", seconds=2100, size=78_000_000, audio=True, expires_at=at(10_000), session_id=session)],
        [e.ParticipantLeft(p, session, u, f"Person {u}", at(45)) for p, u in zip(peers, users, strict=True)],
        [e.SessionEnded(session, at(46), reason="ALL_PEERS_LEFT")],
    ]


async def _remember_wishes(journal: Journal, meeting: Meeting) -> None:
    for number in range(WISHES):
        wish = journal.wish(uuid.uuid4().hex)
        if number == 0:
            await wish.remember("meeting", meeting.id)
        await wish.finish()


# ---------------------------------------------------------------- pydocket's share


@asynccontextmanager
async def working(url: str, redis: Redis) -> AsyncIterator[Work]:
    """Run durable work whose wishes do nothing; polls wait for an hour."""
    store = MeetingStore(redis, utcnow)

    async def nothing(_meeting: MeetingId) -> None: ...

    async def carry_out(_key: str, _sealed: str, *, last: bool) -> None: ...

    happenings = Happenings(store, nothing)
    polling = Polling(store, happenings, Providers({"none": None}, "none"), utcnow, every=3600)  # type: ignore[dict-item]
    reconciler = Reconciler(store, Posts(redis), Locks(redis), ChatDouble())
    work = Work(url, store, reconciler, polling, Clockwork(store, happenings, utcnow), utcnow)
    await work.open()
    work.begin(carry_out)
    try:
        yield work
    finally:
        await work.close()


async def do_the_work(work: Work, meetings: list[MeetingId]) -> None:
    """Let each meeting's wishes be carried out and its thread be looked after; a poll of each stays for later."""
    sealed = Seal("secret").seal(b"x" * PAYLOAD)
    for meeting in meetings:
        for _ in range(WISHES):
            await work.write_down(uuid.uuid4().hex, sealed)
        await work.follow(meeting)
    while (await work.depth())["due"]:
        await asyncio.sleep(0.1)


# ---------------------------------------------------------------- figures


async def by_family(redis: Redis) -> Counter[str]:
    """Give the bytes that each kind of key takes."""
    found: Counter[str] = Counter()
    async for key in redis.scan_iter(count=1000):
        name = key.decode()
        kind = next((f for f in FAMILIES if name.startswith(f"{f}:") or f":{f}" in f"{name}:"), "other")
        found[kind] += int(await redis.memory_usage(name, samples=0) or 0)
    return found


async def used(redis: Redis) -> int:
    """Give the bytes that the server holds for data, without what clients and itself need."""
    about: dict[str, Any] = await redis.memory_stats()
    return int(about.get("dataset.bytes", about.get(b"dataset.bytes", 0)))


async def measure(url: str, meetings: int, sample: int, out: Console) -> None:
    """Hold meetings, and say what they cost."""
    redis = Redis.from_url(url)
    version = await redis.info("server")
    out.print(f"{version.get('valkey_version') or version['redis_version']}: {meetings} meetings, {PEOPLE} people each")
    marks = [await used(redis)]
    for step in range(STEPS):
        numbers = range(step * meetings // STEPS, (step + 1) * meetings // STEPS)
        for begin in range(0, len(numbers), AT_ONCE):
            await asyncio.gather(*(hold(redis, number) for number in numbers[begin : begin + AT_ONCE]))
        marks.append(await used(redis))
    each = [(later - earlier) / (meetings // STEPS) for earlier, later in pairwise(marks)]
    out.print(f"bytes a meeting, tenth by tenth: {' '.join(f'{step:.0f}' for step in each)}")
    for kind, size in (await by_family(redis)).most_common():
        out.print(f"  {kind}: {size / meetings:.0f} bytes a meeting")
    await _share_of_work(url, redis, sample, out)
    await redis.aclose()


async def _share_of_work(url: str, redis: Redis, sample: int, out: Console) -> None:
    ids = [await hold(redis, number) for number in range(sample)]
    async with working(url, redis) as work:
        await do_the_work(work, ids)
        fresh = (await by_family(redis))["greenroom"]
        async for key in redis.scan_iter(match="greenroom:runs:wish:*", count=1000):
            await redis.delete(key)  # what five minutes do
        lasting = (await by_family(redis))["greenroom"]
    out.print(f"pydocket: {fresh / sample:.0f} bytes a meeting within five minutes of its {WISHES} wishes,")
    out.print(f"  {lasting / sample:.0f} afterwards, for as long as a poll of it is to come ({sample} meetings)")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=300)
    given = parser.parse_args()
    out = Console(soft_wrap=True, highlight=False, markup=False)
    with redis_server() as url:
        asyncio.run(measure(url, given.meetings, given.sample, out))


if __name__ == "__main__":
    main()

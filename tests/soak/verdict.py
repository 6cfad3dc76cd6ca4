"""What came of a run: lost, doubled and wrong, counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.journal import DONE
from bot.keys import wish_key
from bot.store import MeetingStore
from playground.rooms import Rooms
from playground.stage import Stage
from tests.soak.ledger import STARTS, People, Wish, lost, unasked
from tests.soak.truth import Doubled, compare, posted


@dataclass
class Verdict:
    """The figures of a run; what must be empty is ``faults``, the rest is told."""

    figures: dict[str, Any] = field(default_factory=dict)
    lost_wishes: list[str] = field(default_factory=list)
    lost_events: list[str] = field(default_factory=list)
    wrong_threads: list[str] = field(default_factory=list)
    doubled_messages: list[Doubled] = field(default_factory=list)
    doubled_effects: list[str] = field(default_factory=list)
    suspects: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that a promise rules out."""
        return [*self.lost_wishes, *self.lost_events, *self.wrong_threads]

    def lines(self) -> list[str]:
        """Write it down."""
        lines = [f"{name}: {value}" for name, value in self.figures.items()]
        for name in ("lost_wishes", "lost_events", "wrong_threads", "doubled_messages", "doubled_effects"):
            found = getattr(self, name)
            lines.append(f"{name}: {len(found)}")
            lines += [f"    {each}" for each in found[:40]]
        return lines


async def meetings_known(scene: Stage, redis: Redis) -> dict[str, Meeting]:
    """Read every meeting that the provider has and the bot knows."""
    store = MeetingStore(redis, utcnow)
    found = {}
    for room in scene.provider.rooms.meetings:
        saved = await store.get(MeetingId(f"realtimekit:{room}"))
        if saved:
            found[saved.meeting.id] = saved.meeting
    return {str(key): meeting for key, meeting in found.items()}


async def judge(scene: Stage, redis: Redis, people: People) -> Verdict:
    """Compare what is with what must be, now."""
    meetings = await meetings_known(scene, redis)
    workspace, rooms = scene.slack.workspace, scene.provider.rooms
    comparison = compare(meetings, scene.provider, workspace)
    standing = posted(workspace)
    titles = {meeting.title for key, meeting in meetings.items() if standing[key]["card"]}
    silent, unfinished = lost(people.wishes, titles, meetings), await _never_carried_out(people, redis)
    missing = list({wish.key: wish for wish in silent + unfinished}.values())
    verdict = Verdict(
        lost_wishes=[f"{wish.what} by {wish.user} in {wish.channel} {wish.recording}" for wish in missing],
        suspects=[wish.key for wish in missing]
        + [key for key in meetings if any(key in each for each in comparison.wrong)],
        wrong_threads=comparison.wrong + unasked(people.wishes, meetings),
        doubled_messages=comparison.doubled,
        doubled_effects=[*_rooms_twice(rooms), *_places_twice(rooms), *_started_twice(people, rooms, meetings)],
    )
    counted = [wish for wish in people.wishes if wish.counts]
    verdict.figures = {
        "threads compared": comparison.threads,
        "messages in them": comparison.messages,
        "wishes": f"{len(people.wishes)}, of which acknowledged {len(counted)}",
        "private answers told again after a crash": sum(max(0, wish.answers.uses - 1) for wish in people.wishes),
        "recordings, livestreams": f"{len(rooms.recordings)}, {len(rooms.livestreams)}",
        "people in rooms": sum(len(session.peers) for session in rooms.sessions.values()),
    }
    return verdict


async def _never_carried_out(people: People, redis: Redis) -> list[Wish]:
    """Find the acknowledged wishes of which the bot itself does not know that they were carried out to the end."""
    counted = [wish for wish in people.wishes if wish.counts]
    pipeline = redis.pipeline(transaction=False)
    for wish in counted:
        pipeline.hexists(wish_key(wish.key), DONE)
    return [wish for wish, done in zip(counted, await pipeline.execute(), strict=True) if not done]


def _rooms_twice(rooms: Rooms) -> list[str]:
    counts = Counter(meeting.title for meeting in rooms.meetings.values())
    return [f"room {title} made x{count}" for title, count in counts.items() if count > 1]


def _places_twice(rooms: Rooms) -> list[str]:
    counts = Counter(
        (place.meeting_id, place.custom_participant_id)
        for place in rooms.participants.values()
        if not place.custom_participant_id.startswith("stranger-")
    )
    return [f"place of {who} in {room} made x{count}" for (room, who), count in counts.items() if count > 1]


def _started_twice(people: People, rooms: Rooms, meetings: dict[str, Meeting]) -> list[str]:
    """Find rooms with more recordings than anybody asked for."""
    found = []
    for key, meeting in meetings.items():
        starts = [wish for wish in people.wishes if wish.what in STARTS]
        asked = sum(key == wish.room or meeting.channel == wish.channel for wish in starts)
        made = [one for one in rooms.recordings_of(key.partition(":")[2]) if one.start_reason == "API_CALL"]
        if len(made) > asked:
            found.append(f"{meeting.title}: {len(made)} recordings for {asked} requests")
    return found

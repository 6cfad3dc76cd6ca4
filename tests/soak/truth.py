"""What every thread must show, worked out from the provider's side and from what people asked for.

The meeting is put together here field by field from the simulated provider's own records, past webhooks, polls and
the bot's merging; only the last step, how such a meeting is drawn, is the bot's. What the provider does not know, who
asked for what, is taken over from the bot and checked against the wishes elsewhere (``ledger.unasked``).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.ids import LivestreamId, PeerId, RecordingId, SessionId
from bot.domain.livestream import Livestream
from bot.domain.meeting import Meeting, Presence, Session
from bot.domain.recording import Recording
from bot.exchanged import Message as Drawn
from bot.views.thread import render_thread
from playground import livestream as shown
from playground import rooms as provider
from playground.provider import ProviderSimulator
from playground.provider_livestreams import playback_url
from playground.workspace import Workspace
from playground.workspace_values import Message


def in_milliseconds(at: datetime | None) -> datetime | None:
    """Give a time as the provider writes it."""
    return at and at.replace(microsecond=at.microsecond // 1000 * 1000)


def true_meeting(known: Meeting, world: ProviderSimulator) -> Meeting:
    """Give the meeting as it is at the provider, with the bot's own record of who asked for what."""
    room = known.id.partition(":")[2]
    sessions = world.rooms.sessions_of(room)
    recordings = (_recording(one, known, world) for one in world.rooms.recordings_of(room))
    livestreams = (_livestream(one, known, world) for one in world.rooms.livestreams_of(room))
    return Meeting(
        id=known.id,
        title=world.rooms.meetings[room].title,
        channel=known.channel,
        home=known.channel,
        host=known.host,
        created_at=known.created_at,
        record_on_start=bool(world.rooms.meetings[room].settings.get("record_on_start")),
        invited=known.invited,
        sessions={SessionId(one.id): _session(one) for one in sessions},
        presences={PeerId(peer.id): _presence(peer) for one in sessions for peer in one.peers},
        recordings={one.id: one for one in recordings},
        livestreams={one.id: one for one in livestreams},
        closed_at=known.closed_at if world.rooms.meetings[room].status == "INACTIVE" else None,
        closed_by=known.closed_by,
        notices=known.notices,
    )


def _session(one: provider.Session) -> Session:
    return Session(
        id=SessionId(one.id),
        started_at=in_milliseconds(one.started_at),
        ended=one.ended_at is not None,
        ended_at=in_milliseconds(one.ended_at),
    )


def _presence(peer: provider.Peer) -> Presence:
    return Presence(
        peer_id=PeerId(peer.id),
        session_id=SessionId(peer.session_id),
        person=peer.custom_participant_id,
        name=peer.name,
        joined_at=in_milliseconds(peer.joined_at),
        left=peer.left_at is not None,
        left_at=in_milliseconds(peer.left_at),
    )


STAGES = {"INVOKED": 0, "RECORDING": 1, "PAUSED": 1, "UPLOADING": 2, "ERRORED": 3, "UPLOADED": 4}


def _recording(one: provider.Recording, meeting: Meeting, world: ProviderSimulator) -> Recording:
    known = meeting.recordings.get(RecordingId(one.id))
    return Recording(
        id=RecordingId(one.id),
        stage=STAGES[one.status],
        running=one.status if STAGES[one.status] == 1 else "",
        invoked_at=in_milliseconds(one.invoked_at),
        started_at=in_milliseconds(one.started_at),
        stopped_at=in_milliseconds(one.stopped_at),
        seconds=one.seconds,
        size=one.file_size,
        audio=world.files.audio_url(one) is not None,
        expires_at=in_milliseconds(world.files.expiry(one)),
        stop_reason=_if_told(known.stop_reason if known else None, one.stop_reason),
        start_reason=_if_told(known.start_reason if known else None, one.start_reason),
        started_by=known.started_by if known else None,
        stopped_by=known.stopped_by if known else None,
        acts=known.acts if known else (),
        seen=known.seen if known else (),
        offs=known.offs if known else (),
        marks=known.marks if known else (),
        part_of=known.part_of if known else None,
        tracks=one.tracks,
        options=known.options if known else None,
    )


ON_AIR = {"INVOKED": 0, "LIVE": 1, "IDLE": 2, "ERRORED": 3}


def _livestream(one: shown.Livestream, meeting: Meeting, world: ProviderSimulator) -> Livestream:
    known = meeting.livestreams.get(LivestreamId(one.id))
    return Livestream(
        id=LivestreamId(one.id),
        stage=ON_AIR[one.status],
        aired=one.started_at is not None,
        invoked_at=in_milliseconds(one.invoked_at),
        seen_at=known.seen_at if known else None,
        # When it went on air is told once it is over; until then it counts from when it was first seen.
        started_at=in_milliseconds(one.started_at) if not one.running or (known and known.started_at) else None,
        stopped_at=in_milliseconds(one.stopped_at),
        playback_url=playback_url(world.base_url, one),
        reason=one.err_message,
        acts=known.acts if known else (),
    )


def _if_told(known: str | None, true: str | None) -> str | None:
    """Give the reason unless the bot knows none: it stands in a webhook that may be lost, and in no list."""
    return true if known is not None else None


@dataclass(frozen=True)
class Doubled:
    """A message that stands there more than once; ``times`` are those of all copies but the last."""

    where: str
    times: tuple[float, ...]


@dataclass
class Comparison:
    """How the threads in Slack differ from what they must be."""

    threads: int = 0
    messages: int = 0
    wrong: list[str] = field(default_factory=list)
    doubled: list[Doubled] = field(default_factory=list)


def posted(workspace: Workspace) -> dict[str, dict[str, list[Message]]]:
    """Give every message that the bot has posted, by meeting and slot."""
    found: dict[str, dict[str, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for message in workspace._messages.values():
        mark = (message.metadata or {}).get("event_payload") or {}
        if message.user == workspace.bot.id and "meeting" in mark:
            found[mark["meeting"]][mark["slot"]].append(message)
    return found


def compare(meetings: dict[str, Meeting], world: ProviderSimulator, workspace: Workspace) -> Comparison:
    """Hold every thread against the truth, message by message, text and blocks."""
    outcome, standing = Comparison(), posted(workspace)
    for key, known in meetings.items():
        drawn = {message.slot: message for message in render_thread(true_meeting(known, world))}
        outcome.threads += 1
        outcome.messages += sum(map(len, standing[key].values()))
        faults = [*_differences(drawn, standing[key]), *_card_is_first(standing[key])]
        outcome.wrong += [f"{known.title} ({key}): {fault}" for fault in faults]
        outcome.doubled += [
            Doubled(f"{known.title} ({key}): {slot} x{len(copies)}", tuple(float(copy.ts) for copy in copies[:-1]))
            for slot, copies in standing[key].items()
            if len(copies) > 1
        ]
    unknown = set(standing) - set(meetings)
    outcome.wrong += [f"{key}: a thread of a meeting that the bot does not know" for key in unknown if standing[key]]
    return outcome


def _differences(drawn: dict[str, Drawn], standing: dict[str, list[Message]]) -> list[str]:
    """Compare the copy of each message that is kept up to date, which is the last one."""
    faults = [f"{slot} is missing" for slot in drawn if slot not in standing]
    faults += [f"{slot} should not be there" for slot in standing if slot not in drawn]
    for slot in drawn.keys() & standing.keys():
        message = standing[slot][-1]
        if message.text != drawn[slot].text:
            faults.append(f"{slot} says {message.text!r} and not {drawn[slot].text!r}")
        elif plain_blocks(message.blocks) != plain_blocks(drawn[slot].blocks):
            faults.append(f"{slot} looks different")
    return faults


def _card_is_first(standing: dict[str, list[Message]]) -> list[str]:
    cards = {message.ts for message in standing.get("card", [])}
    home = {message.channel for message in standing.get("card", [])}
    strays = [
        slot
        for slot, copies in standing.items()
        for copy in copies
        if copy.channel in home and slot != "card" and copy.thread_ts not in cards
    ]
    return [f"{slot} stands outside the thread" for slot in strays]


def plain_blocks(value: Any) -> Any:
    """Take Slack's own additions out of blocks."""
    if isinstance(value, dict):
        return {name: plain_blocks(part) for name, part in value.items() if name != "block_id"}
    if isinstance(value, (list, tuple)):
        return [plain_blocks(part) for part in value]
    return value

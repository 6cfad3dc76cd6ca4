"""Stories of a meeting, for properties: facts in any order, with any field missing, as the world may tell them."""

import itertools
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from hypothesis import strategies as st

from bot.domain import company as c
from bot.domain import events as e
from bot.domain import role_events as r
from bot.domain.apply import apply
from bot.domain.ids import (
    CallId,
    ChannelId,
    LivestreamId,
    MeetingId,
    ParticipantId,
    PeerId,
    RecordingId,
    SessionId,
    UserId,
)
from bot.domain.livestream import IDLE
from bot.domain.livestream import STAGE as AIR
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting
from bot.domain.options import AUDIO_CODECS, CODECS, POSITIONS, RecordingOptions, Watermark
from bot.domain.recording import STAGE
from bot.domain.timeline import Kind, subject_of

BEGUN = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
UNKNOWN_STATUSES = ("THINKING", "TRANSCODING")
USERS = ("UANA", "UBO", "UCY", "UDI")
MEETING = Meeting(
    id=MeetingId("realtimekit:room-1"),
    title="Weekly sync",
    channel=ChannelId("CGENERAL"),
    home=ChannelId("CGENERAL"),
    host=UserId("UANA"),
    created_at=BEGUN,
)


def at(minutes: float = 0) -> datetime:
    """Give the time so many minutes into the story."""
    return BEGUN + timedelta(minutes=minutes)


def told(*events: e.Event, meeting: Meeting = MEETING, **changes: Any) -> Meeting:
    """Give the meeting after these events; ``changes`` are fields it has from the start."""
    return reduce(apply, events, meeting.model_copy(update=changes))


# ---------------------------------------------------------------- what may stand in an event

times = st.builds(
    lambda seconds, fraction: BEGUN + timedelta(seconds=seconds, microseconds=fraction),
    st.integers(0, 90_000),
    st.sampled_from([0, 0, 0, 1, 100_000, 200_000, 700_000, 999_999]),
)
some_time = st.none() | times
sessions = st.sampled_from(["s1", "s2", "s3"]).map(SessionId)
peers = st.integers(1, 6).map(lambda n: PeerId(f"p{n}"))
recordings = st.sampled_from(["r1", "r2", "r3"]).map(RecordingId)
livestreams = st.sampled_from(["l1", "l2", "l2#2"]).map(LivestreamId)
users = st.sampled_from(USERS).map(UserId)
people = st.none() | st.sampled_from([*USERS, "guest:one", "guest-7", "<!channel>", "U<!here>"])
nasty = st.sampled_from(
    [
        "<!channel>",
        "<@UBO>",
        "<!subteam^S1|@all>",
        "<https://evil.example|Join>",
        "&lt;!here&gt;",
        "&" * 160,
        "<" * 3000,
        "🧑‍🤝‍🧑" * 60,
        "\u202eevil\u202c",
        "line one\nline two",
        "tab\tand\x00null\x1b[0m",
        "@channel #general",
        "a" * 3000,
    ]
)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
names = st.none() | st.sampled_from(["Guest", "Cy Chen"]) | nasty | words
titles = nasty | words | st.text(st.characters(exclude_categories=["Cs"]), min_size=100, max_size=300)
reasons = st.none() | st.sampled_from(["API_CALL", "ALL_PEERS_LEFT", "INTERNAL_ERROR", "SOLAR_FLARE"])
statuses = st.sampled_from([*STAGE, *UNKNOWN_STATUSES])


# ---------------------------------------------------------------- events and stories

reports = st.builds(
    e.RecordingUpdated,
    recording_id=recordings,
    status=statuses,
    observed_at=some_time,
    invoked_at=some_time,
    started_at=some_time,
    stopped_at=some_time,
    seconds=st.none() | st.integers(0, 100_000),
    size=st.none() | st.integers(0, 2**45),
    audio=st.booleans(),
    expires_at=some_time,
    stop_reason=reasons,
    start_reason=st.none() | st.sampled_from(["API_CALL", "RECORD_ON_START"]),
    started_by=st.none() | st.sampled_from(["Ops dashboard", "<!here>"]),
    stopped_by=st.none() | st.sampled_from(["Ops dashboard", "<!here>"]),
    session_id=st.none() | sessions,
    tracks=st.booleans(),
)
acts = st.builds(
    e.RecordingActed,
    recording_id=recordings,
    action=st.sampled_from(["start", "pause", "resume", "return", "stop"]),
    by=users,
    at=times,
)
watermarks = st.builds(
    Watermark,
    url=st.just("https://pictures.example/logo.png"),
    position=st.sampled_from(POSITIONS),
    width=st.none() | st.integers(1, 400),
    height=st.none() | st.integers(1, 400),
)
choices = st.builds(
    RecordingOptions,
    codec=st.none() | st.sampled_from(CODECS),
    width=st.none() | st.integers(1, 1920),
    height=st.none() | st.integers(1, 1920),
    audio_only=st.booleans(),
    audio_file=st.none() | st.sampled_from(AUDIO_CODECS),
    prefix=st.none() | st.from_regex(r"[A-Za-z0-9_]{1,60}", fullmatch=True),
    max_seconds=st.none() | st.integers(60, 86_400),
    watermark=st.none() | watermarks,
    bucket=st.none() | st.booleans(),
    storage=st.none() | st.sampled_from(["archive", "legal"]),
)
"""Everything that can be chosen for a recording, alone or together, also what does not go together."""
viewings = st.builds(e.RecordingWatched, recording_id=recordings, by=users, at=times)
hidings = st.builds(e.RecordingHidden, recording_id=recordings, by=users, at=times, hidden=st.booleans())
plans = st.builds(e.RecordingPlanned, recording_id=recordings, options=choices)
offs = st.builds(e.OffTheRecord, recording_id=recordings, by=users, at=times, until=times)
marks = st.builds(e.RecordingMarked, recording_id=recordings, by=users, at=times, text=st.just("") | titles)
continuations = st.builds(e.RecordingContinued, recording_id=recordings, part_of=recordings)
notices = st.builds(
    e.Noticed,
    kind=st.sampled_from([*Kind]),
    subject=st.builds(subject_of, recordings, some_time),
    at=times,
)
broadcasts = st.builds(
    LivestreamUpdated,
    livestream_id=livestreams,
    status=st.sampled_from([*AIR, IDLE, *UNKNOWN_STATUSES]),
    observed_at=some_time,
    invoked_at=some_time,
    started_at=some_time,
    stopped_at=some_time,
    playback_url=st.none() | st.sampled_from([f"https://watch.example/{name}.m3u8" for name in ("a", "b", "<!here>")]),
    reason=st.none() | nasty,
)
asked_to_show = st.builds(
    LivestreamActed, livestream_id=livestreams, action=st.sampled_from(["start", "stop"]), by=users, at=times
)
comings = st.builds(
    e.ParticipantJoined, peer_id=peers, session_id=st.none() | sessions, person=people, name=names, at=some_time
)
goings = st.builds(
    e.ParticipantLeft,
    peer_id=peers,
    session_id=st.none() | sessions,
    person=people,
    name=names,
    at=some_time,
    joined_at=some_time,
)
# What only the bot itself says, under a lock, has one value a key in all of a story: there the last one counts.
own_words = st.one_of(
    st.tuples(users, some_time).map(
        lambda known: e.ParticipantKnown(known[0], ParticipantId(f"place-of-{known[0]}"), known[1])
    ),
    users.map(lambda user: e.InviteFailed(user, "user_disabled")),
    st.just(e.HomeMoved(ChannelId("UANA"), "not_in_channel")),
)
everybody = users | st.sampled_from(["guest:one", "guest:two"]).map(UserId)
parts = st.one_of(
    st.builds(r.HostHanded, to=users, by=users, at=times),
    st.builds(r.PersonAdded, person=users, by=users, at=times, with_channel=st.booleans()),
    st.builds(r.PersonRemoved, person=everybody, by=users, at=times),
    st.builds(
        r.GuestInvited,
        person=st.sampled_from(["guest:one", "guest:two"]).map(UserId),
        name=st.sampled_from(["Jane Doe"]) | nasty,
        by=users,
        at=times,
        until=times,
    ),
    st.builds(r.EveryoneMuted, by=users, at=times),
)
company = st.one_of(
    st.builds(c.InviteAnswered, person=users, coming=st.booleans(), at=times),
    st.builds(
        c.PersonSeen,
        person=users,
        name=st.sampled_from(["Bo Berg"]) | nasty,
        picture=st.none()
        | st.sampled_from(["https://avatars.example/bo.png", "no address", f"https://x/{'a' * 4000}"]),
        at=times,
    ),
)
events = st.one_of(
    company,
    st.builds(e.CallOpened, call_id=st.sampled_from(["R1", "R2"]).map(CallId), at=times),
    st.builds(e.SessionStarted, session_id=sessions, at=some_time),
    st.builds(e.SessionEnded, session_id=sessions, at=some_time, reason=reasons, started_at=some_time),
    comings,
    goings,
    reports,
    acts,
    plans,
    viewings,
    hidings,
    offs,
    marks,
    continuations,
    notices,
    st.builds(e.RoomClosed, at=times, by=st.none() | users),
    st.builds(e.ProviderChecked, at=times, answered=st.booleans()),
    parts,
    own_words,
    broadcasts,
    asked_to_show,
)
stories = st.lists(events, max_size=25)


@st.composite
def retold(draw: st.DrawFn) -> tuple[list[e.Event], list[e.Event]]:
    """Draw a story, and the same facts in another order with some of them said again."""
    story = draw(stories)
    again = draw(st.lists(st.sampled_from(story), max_size=5)) if story else []
    return story, draw(st.permutations(story + again))


@st.composite
def rooms(draw: st.DrawFn) -> Meeting:
    """Draw a meeting to which nothing has happened yet."""
    channel = ChannelId(draw(st.sampled_from(["CGENERAL", "DBO"])))
    return MEETING.model_copy(
        update={
            "title": draw(titles),
            "channel": channel,
            "record_options": draw(st.none() | choices),
            "home": channel,
            "record_on_start": draw(st.booleans()),
            "invited": tuple(draw(st.lists(users, unique=True))),
        }
    )


def crowd(number: int, *, name: str = "Guest", person: str | None = None, left: bool = False) -> list[e.Event]:
    """Tell how so many people came into the first session, and perhaps went again."""
    stays = ((PeerId(f"crowd-{n}"), person and f"{person}{n}", f"{name} {n}") for n in range(number))
    came: list[list[e.Event]] = [
        [e.ParticipantJoined(peer, SessionId("s1"), who, called, at(n / 60))]
        + ([e.ParticipantLeft(peer, SessionId("s1"), who, called, at(60 + n / 60))] if left else [])
        for n, (peer, who, called) in enumerate(stays)
    ]
    return list(itertools.chain.from_iterable(came))

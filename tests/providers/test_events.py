"""What a verified body means, whatever is in it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.events import (
    Ignored,
    ParticipantJoined,
    ParticipantLeft,
    RecordingUpdated,
    SessionEnded,
    SessionStarted,
)
from bot.domain.livestream_events import LivestreamUpdated
from bot.errors import BadPayload
from bot.exchanged import Delivery
from bot.providers import USED_EVENTS, WEBHOOK_EVENTS
from bot.providers._events import parse_delivery
from bot.providers._values import json_object

SAMPLES = {
    f"{file.parent.name}/{file.stem}": json.loads(file.read_text())
    for file in sorted((Path(__file__).parents[1] / "samples").glob("*/*.json"))
    if file.parent.name in ("dyte", "realtimekit")
}
KITS = ("dyte", "realtimekit")
ROOM = "6f1c0a52-7c0e-4a53-9d0e-0f5a3b1f2c11"
SESSION = "b2a7c1d4-41f6-4b1c-8e58-4f9f1a7f3d22"
PEER = "d5c2e8f0-1b7a-4c39-a3a0-6b1f9e2d4c55"
LIVESTREAM = "8c7d6e5f-2a1b-4c3d-9e8f-7a6b5c4d3e77"
RECORDING = "3b5e0d17-9c62-4b7b-8a4e-d0b5a4c1e966"


def at(hour: int, minute: int, second: int, milli: int = 0) -> datetime:
    return datetime(2026, 11, 2, hour, minute, second, milli * 1000, tzinfo=UTC)


def parse(payload: Any) -> Delivery:
    return parse_delivery(json.dumps(payload).encode(), "hook")


def event_of(sample: str) -> Any:
    [event] = parse(SAMPLES[sample]).events
    return event


def recording(**row: Any) -> Any:
    payload = {"event": "recording.statusUpdate", "recording": {"id": RECORDING, "status": "UPLOADED", **row}}
    [event] = parse(payload).events
    return event


@pytest.mark.parametrize("kit", KITS)
def test_there_is_a_sample_of_every_event_type(kit: str) -> None:
    assert {body["event"] for name, body in SAMPLES.items() if name.startswith(kit)} == set(WEBHOOK_EVENTS)


@pytest.mark.parametrize("kit", KITS)
def test_a_session_starts(kit: str) -> None:
    assert event_of(f"{kit}/meeting_started") == SessionStarted(SESSION, at(9, 0, 3, 120))


@pytest.mark.parametrize("kit", KITS)
def test_a_session_ends(kit: str) -> None:
    expected = SessionEnded(SESSION, at(9, 17, 40, 4), "ALL_PARTICIPANTS_LEFT", at(9, 0, 3, 120))

    assert event_of(f"{kit}/meeting_ended") == expected


@pytest.mark.parametrize("kit", KITS)
def test_a_person_comes_and_goes(kit: str) -> None:
    came, left = at(9, 1, 11, 631), at(9, 16, 2, 420)

    assert event_of(f"{kit}/participant_joined") == ParticipantJoined(PEER, SESSION, "U7F3K2", "Mary Sue", came)
    assert event_of(f"{kit}/participant_left") == ParticipantLeft(PEER, SESSION, "U7F3K2", "Mary Sue", left, came)


def test_an_old_dyte_payload_names_the_person_by_the_older_field() -> None:
    assert event_of("dyte/participant_joined_sparse") == ParticipantJoined(PEER, None, "U7F3K2", "Mary Sue")
    assert event_of("dyte/participant_left_sparse") == ParticipantLeft(PEER, None, "U7F3K2", "Mary Sue")


@pytest.mark.parametrize("kit", KITS)
def test_a_finished_recording_tells_all_of_itself(kit: str) -> None:
    fraction = {"microsecond": 903816} if kit == "dyte" else {}

    assert event_of(f"{kit}/recording_uploaded") == RecordingUpdated(
        recording_id=RECORDING,
        status="UPLOADED",
        observed_at=None,
        started_at=at(9, 2, 0).replace(**fraction),
        stopped_at=at(9, 17, 39).replace(**fraction),
        seconds=939,
        size=78044680,
        audio=True,
        expires_at=at(9, 18, 10).replace(day=9, **fraction),
        stop_reason="ALL_PEERS_LEFT",
        start_reason="API_CALL",
        started_by="Example org",
        session_id=SESSION,
        file=SAMPLES[f"{kit}/recording_uploaded"]["recording"]["outputFileName"],
    )


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("status", ["INVOKED", "PAUSED", "UPLOADING", "UPLOADED", "ERRORED"])
def test_a_webhook_has_no_time_of_its_own(kit: str, status: str) -> None:
    event = event_of(f"{kit}/recording_{status.lower()}")

    assert (event.status, event.observed_at) == (status, None)


@pytest.mark.parametrize("kit", KITS)
def test_recording_was_true_when_it_began(kit: str) -> None:
    event = event_of(f"{kit}/recording_recording")

    assert event.observed_at == event.started_at is not None


@pytest.mark.parametrize("name", [name for name in SAMPLES if "recording_" in name])
def test_every_recording_event_is_placed(name: str) -> None:
    delivery = parse(SAMPLES[name])

    assert (delivery.room, delivery.recording_id) == (ROOM, RECORDING)


def test_an_uploading_recording_of_dyte_is_placed_by_its_id_alone() -> None:
    bare = {"event": "recording.statusUpdate", "recording": {"id": RECORDING, "status": "UPLOADING"}}

    delivery = parse(bare)

    assert delivery == Delivery("hook", None, RECORDING, (RecordingUpdated(RECORDING, "UPLOADING"),))


@pytest.mark.parametrize("kit", KITS)
def test_a_livestream_is_told_without_what_lets_anybody_broadcast(kit: str) -> None:
    delivery = parse(SAMPLES[f"{kit}/livestream_status"])

    watched = "https://video.example/live.m3u8" if kit == "realtimekit" else None
    assert delivery.events == (LivestreamUpdated(LIVESTREAM, "LIVE", playback_url=watched),)
    assert delivery.livestream_id == LIVESTREAM
    assert delivery.room == (ROOM if kit == "realtimekit" else None)
    for hidden in ("not-a-real-key", "ingest.example"):
        assert hidden not in repr(delivery)


def test_a_livestream_in_an_unknown_state_is_carried_by_name() -> None:
    payload = {"event": "livestreaming.statusUpdate", "streamId": LIVESTREAM, "status": "REHEARSING"}

    assert parse(payload).events == (LivestreamUpdated(LIVESTREAM, "REHEARSING"),)


@pytest.mark.parametrize("url", ["rtmps://ingest.example/live?key=secret", "javascript:alert(1)", 7, None])
def test_a_livestream_is_watched_on_the_web_or_nowhere(url: Any) -> None:
    payload = {"event": "livestreaming.statusUpdate", "streamId": LIVESTREAM, "status": "LIVE", "playbackUrl": url}

    assert parse(payload).events == (LivestreamUpdated(LIVESTREAM, "LIVE"),)


def test_the_room_of_a_recording_is_the_one_it_names_itself() -> None:
    row = {"id": RECORDING, "status": "RECORDING", "meetingId": "own"}

    assert parse({"event": "recording.statusUpdate", "recording": row, "meeting": {"id": "other"}}).room == "own"


@pytest.mark.parametrize("name", [name for name, body in SAMPLES.items() if body["event"] not in USED_EVENTS])
def test_what_the_bot_does_not_use_is_ignored_by_name(name: str) -> None:
    assert event_of(name) == Ignored(SAMPLES[name]["event"])


@pytest.mark.parametrize("event", ["meeting.somethingNew", "x" * 5000, "", None, 7, ["meeting.started"], {}])
def test_an_unknown_type_is_ignored(event: Any) -> None:
    [ignored] = parse({"event": event, "meeting": {"id": ROOM}}).events

    assert ignored == Ignored("meeting.somethingNew" if event == "meeting.somethingNew" else "unknown")


@pytest.mark.parametrize("kind", USED_EVENTS)
@pytest.mark.parametrize("rest", [{}, {"meeting": None}, {"meeting": [], "recording": 5, "participant": "x"}])
def test_a_used_type_without_its_content_is_ignored(kind: str, rest: dict[str, Any]) -> None:
    assert parse({"event": kind, **rest}).events == (Ignored(kind),)


def test_a_session_event_without_a_room_is_ignored() -> None:
    assert parse({"event": "meeting.started", "meeting": {"sessionId": SESSION}}).events == (
        Ignored("meeting.started"),
    )


@pytest.mark.parametrize(
    ("given_reason", "expected"),
    [
        ({"reason": "API_CALL", "caller": {"type": "USER"}}, "API_CALL"),
        ("{'reason': 'ALL_PEERS_LEFT', 'caller': {'type': 'INTERNAL'}}", "ALL_PEERS_LEFT"),
        ('{"reason": "INTERNAL_ERROR"}', "INTERNAL_ERROR"),
        ({"reason": "{'reason': 'API_CALL'}"}, "API_CALL"),
        ("API_CALL", "API_CALL"),
        ("it just stopped, who knows", None),
        ({"reason": 5}, None),
        ({}, None),
        (None, None),
        (["API_CALL"], None),
    ],
)
def test_a_stop_reason_is_found_however_it_is_written(given_reason: Any, expected: str | None) -> None:
    assert recording(stopReason=given_reason).stop_reason == expected


@pytest.mark.parametrize(
    ("given_reason", "expected"),
    [
        ({"reason": "API_CALL", "caller": {"type": "USER", "user_Id": "u1", "name": "Ana Ortiz"}}, "Ana Ortiz"),
        ("{'reason': 'API_CALL', 'caller': {'type': 'ORGANIZATION', 'name': 'Ops', 'user_Id': 'u1'}}", "Ops"),
        ('{"caller": {"name": "Ops"}}', "Ops"),
        ("{'reason': 'ALL_PEERS_LEFT', 'caller': {'type': 'INTERNAL'}}", None),
        ("{'caller': {'name': '", None),
        ({"caller": {"name": 5}}, None),
        ({"caller": "Ops"}, None),
        ({"caller": ["Ops"]}, None),
        ("Ops", None),
        (None, None),
        (7, None),
    ],
)
def test_whoever_stopped_it_is_found_however_that_is_written(given_reason: Any, expected: str | None) -> None:
    assert recording(stopReason=given_reason).stopped_by == expected
    assert recording(startReason=given_reason).started_by == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        *[(5, 5), ("5", 5), (5.9, 5), ("78044680", 78044680), (0, 0)],
        *[(size, None) for size in (-1, True, "big", None, 1e300, "1e400", "nan", [5], 10**400)],
    ],
)
def test_a_size_is_a_number_or_a_string_of_digits(size: Any, expected: int | None) -> None:
    assert recording(fileSize=size).size == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-02T09:02:00.000Z", at(9, 2, 0)),
        ("2026-11-02 09:02:00.500000Z", at(9, 2, 0, 500)),
        ("2026-11-02T09:02:00", at(9, 2, 0)),
        ("2026-11-02T11:02:00+02:00", at(9, 2, 0)),
        ("2026-11-02T09:02:00.123456789Z", at(9, 2, 0).replace(microsecond=123456)),
        ("0001-01-01T00:00:00+10:00", None),
        ("tomorrow", None),
        ("", None),
        (1762074120, None),
        (None, None),
    ],
)
def test_times_are_read_leniently(time: Any, expected: datetime | None) -> None:
    assert recording(startedTime=time).started_at == expected


@pytest.mark.parametrize("strange", ["", " ", "a b", "ünïcode", "x" * 129, "a\nb", "\ud800", 5, None, {}])
def test_a_strange_id_is_none(strange: Any) -> None:
    assert parse({"event": "recording.statusUpdate", "recording": {"id": strange, "status": "UPLOADED"}}).events == (
        Ignored("recording.statusUpdate"),
    )


def test_half_a_surrogate_pair_in_a_name_can_be_stored() -> None:
    person = {"peerId": PEER, "userDisplayName": "Ann \ud83d", "customParticipantId": "\udc00"}

    [event] = parse({"event": "meeting.participantJoined", "meeting": {"id": ROOM}, "participant": person}).events

    assert isinstance(event, ParticipantJoined)
    assert f"{event.name}{event.person}".encode()


def test_only_a_web_address_counts_as_an_audio_file() -> None:
    assert recording(audioDownloadUrl="https://files.example/a.mp3").audio
    assert not recording(audioDownloadUrl="javascript:alert(1)").audio


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"\xff\xfe",
        b'{"a": NaN}',
        b"\xef\xbb\xbf{}",
        '{"a": "ü"}'.encode("latin-1"),
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_json_object_is_a_bad_payload(body: bytes) -> None:
    with pytest.raises(BadPayload):
        parse_delivery(body, None)


@pytest.mark.parametrize(("header", "expected"), [("abc-1", "abc-1"), (None, None), ("", None), ("x" * 500, None)])
def test_the_webhook_id_comes_from_the_header(header: str | None, expected: str | None) -> None:
    assert parse_delivery(b"{}", header).webhook_id == expected


# ------------------------------------------------------------ anything at all

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT | st.sampled_from(["", "0", "Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.one_of(st.binary(max_size=40), ANY_JSON.map(lambda value: json.dumps({"a": value}).encode())))
@example(b'{"a": "half a pair: \\ud83d"}')
@example(b'{"a": 1, "a": 2}')
@example(b'{"a": 1e999, "b": -0.0, "c": 123456789012345678901234567890}')
@example(b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}")
def test_bytes_are_read_as_pythons_own_parser_reads_them(raw: bytes) -> None:
    try:
        expected = json.loads(raw.decode("utf-8"), parse_constant=lambda _: raw.index(b"no JSON"))
    except ValueError:
        expected = None
    try:
        assert repr(json_object(raw)) == repr(expected)
    except ValueError:
        assert not isinstance(expected, dict)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value inside a sample."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))


def changed(sample: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Give the sample with another value in that place; None in place of a key takes it away."""
    if not path:
        return value
    first, *rest = path
    inner = changed(sample[first], tuple(rest), value)
    return {key: inner if key == first else old for key, old in sample.items()}


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Give a sample with up to three values replaced by anything."""
    sample = SAMPLES[draw(st.sampled_from(sorted(SAMPLES)))]
    for _ in range(draw(st.integers(1, 3))):
        sample = changed(sample, draw(st.sampled_from(list(places(sample)))), draw(ANY_JSON))
    return sample


def check(body: bytes) -> None:
    try:
        delivery = parse_delivery(body, "hook")
    except BadPayload:
        return
    [event] = delivery.events
    # Whatever was let through can be written down.
    assert repr(event).encode()
    assert isinstance(event, Ignored) or delivery.room or delivery.recording_id or delivery.livestream_id


@given(st.binary())
def test_no_bytes_at_all_do_any_harm(body: bytes) -> None:
    check(body)


@given(ANY_JSON)
def test_no_json_at_all_does_any_harm(payload: Any) -> None:
    check(json.dumps(payload).encode())


@given(mutated())
def test_no_change_to_a_sample_does_any_harm(payload: Any) -> None:
    check(json.dumps(payload).encode())


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_a_damaged_body_does_no_harm(name: str, data: st.DataObject) -> None:
    body = bytearray(json.dumps(SAMPLES[name]).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    check(bytes(body))

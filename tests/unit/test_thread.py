"""The promises of ``render_thread``: whatever happened, Slack takes it, and nobody's words become markup."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import PeerId, RecordingId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views.thread import CARD, digest, render_thread
from playground.slack_blocks import problems_with
from tests.support.stories import USERS, at, crowd, names, nasty, retold, rooms, stories, titles, told

UPDATE_TEXT = 4000
MARKUP = re.compile(r"<([^>]*)>")
OURS = "|".join(USERS)
WATCHED = r"https://watch\.example/[ab]\.m3u8"
TRUSTED = re.compile(rf"{WATCHED}|@(?:{OURS})|#C[A-Z0-9]+|!date\^-?\d+\^{{(?:time|date_short)}}\|[\w: ]+")
ENTITY = re.compile(r"&(?:amp|lt|gt);")
S1 = SessionId("s1")


def mrkdwn(value: Any) -> Iterator[str]:
    """Give every text in which Slack reads markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for part in value.values():
            yield from mrkdwn(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from mrkdwn(part)


def elements(message: Message) -> Iterator[list[dict[str, Any]]]:
    """Give the elements of each row of buttons."""
    yield from (block["elements"] for block in message.blocks if block["type"] == "actions")


def check(messages: list[Message]) -> None:
    """Hold a thread against everything that Slack demands and that we promise."""
    assert messages[0].slot == CARD
    slots = Counter(message.slot for message in messages)
    assert max(slots.values()) == 1, slots
    for message in messages:
        check_message(message)


def check_message(message: Message) -> None:
    assert problems_with(message.blocks) == []
    assert 0 < len(message.text) <= UPDATE_TEXT
    for row in elements(message):
        assert max(Counter(part["action_id"] for part in row).values()) == 1
    check_words(message)


def check_words(message: Message) -> None:
    """See that all markup is ours, that no entity was cut, and that nothing in it is meant for one person."""
    for text in (message.text, *mrkdwn(message.blocks)):
        assert all(TRUSTED.fullmatch(found) for found in MARKUP.findall(text)), text
        assert text.count("<") == len(MARKUP.findall(text)) == text.count(">"), text
        assert text.count("&") == len(ENTITY.findall(text)), text
    everything = json.dumps([message.text, message.blocks])
    assert '"url"' not in everything
    assert "place-of-" not in everything


@given(rooms(), stories)
def test_every_prefix_of_any_story_is_a_thread_that_slack_takes(meeting: Meeting, story: list[e.Event]) -> None:
    check(render_thread(meeting))
    for event in story:
        meeting = apply(meeting, event)
        check(render_thread(meeting))


@given(rooms(), retold())
def test_the_same_facts_in_another_order_make_the_same_thread(
    meeting: Meeting, story: tuple[list[e.Event], list[e.Event]]
) -> None:
    once, again = (render_thread(told(*events, meeting=meeting)) for events in story)

    assert again == once
    assert [digest(message) for message in again] == [digest(message) for message in once]


@given(rooms(), stories)
def test_a_meeting_read_back_from_json_has_the_same_thread(meeting: Meeting, story: list[e.Event]) -> None:
    meeting = told(*story, meeting=meeting)
    again = Meeting.model_validate_json(meeting.model_dump_json(exclude_defaults=True))

    assert [digest(message) for message in render_thread(again)] == [digest(m) for m in render_thread(meeting)]


def in_one_session(event: e.Event) -> e.Event:
    """Let a device be in one session only, as the providers do."""
    if isinstance(event, e.ParticipantJoined | e.ParticipantLeft) and event.session_id:
        return replace(event, session_id=SessionId(f"s{int(event.peer_id[1:]) % 3}"))
    return event


@given(rooms(), stories)
def test_a_message_is_never_taken_back_but_for_an_invitation_that_cannot_be_sent(
    meeting: Meeting, story: list[e.Event]
) -> None:
    before: set[str] = set()
    for event in map(in_one_session, story):
        meeting = apply(meeting, event)
        now = {message.slot for message in render_thread(meeting)}
        gone = {slot for slot in before - now if not slot.startswith(("invite:", "failed:"))}
        assert gone == set()
        before = now


@given(titles, names, st.sampled_from([0, 1, 2, 8, 9, 39, 40, 41, 120]), st.booleans(), st.booleans())
@example("&" * 3000, "<" * 200, 41, True, True)
@example("Weekly sync", "Guest", 2500, True, True)
@example("Weekly sync", "<!channel>", 2500, False, True)
def test_any_title_and_any_crowd_fit(title: str, name: str | None, number: int, left: bool, over: bool) -> None:
    end: list[e.Event] = [e.SessionEnded(S1, at(100_000), started_at=at())] if over else []
    meeting = told(*crowd(number, name=name or "", left=left), *end, title=title)

    check(render_thread(meeting))


@given(st.lists(nasty, min_size=1, max_size=8))
def test_what_the_provider_calls_things_is_harmless_too(odd: list[str]) -> None:
    reports = [
        e.RecordingUpdated(RecordingId("r1"), word, stop_reason=word, start_reason=word, started_at=at(1))
        for word in odd
    ]
    final = e.RecordingUpdated(RecordingId("r1"), "ERRORED")

    check(render_thread(told(*reports)))
    check(render_thread(told(*reports, final)))


@given(stories, st.sampled_from(["card", "ready:r1", "recording:r1"]))
def test_a_digest_tells_messages_apart_by_what_is_seen(story: list[e.Event], slot: str) -> None:
    looks = {digest(message): (message.text, message.blocks) for message in render_thread(told(*story))}
    other = Message(slot, "something else", ())

    assert digest(other) not in looks
    assert digest(other) == digest(Message("another slot", "something else", ()))


def test_a_thread_stands_in_the_order_in_which_it_is_told() -> None:
    meeting = told(
        e.RecordingUpdated(RecordingId("r2"), "ERRORED", invoked_at=at(20)),
        e.RecordingUpdated(RecordingId("r1"), "UPLOADED", invoked_at=at(10)),
        e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1)),
        e.SessionEnded(S1, at(60), started_at=at(1)),
        invited=(UserId("UBO"), UserId("UCY")),
    )

    assert [message.slot for message in render_thread(meeting)] == [
        "card",
        "invite:UBO",
        "invite:UCY",
        "recording:r1",
        "ready:r1",
        "recording:r2",
        "failed:r2",
        "session:s1",
    ]


def test_only_a_finished_recording_is_shown_in_the_channel_too() -> None:
    meeting = told(*(e.RecordingUpdated(RecordingId(f"r{n}"), "UPLOADED") for n in range(3)))

    assert {message.slot for message in render_thread(meeting) if message.broadcast} == {
        "ready:r0",
        "ready:r1",
        "ready:r2",
    }


def test_a_crowd_is_drawn_in_an_instant() -> None:
    meeting = told(*crowd(2500, left=True), e.SessionEnded(S1, at(200), started_at=at()))
    began = time.process_time()
    render_thread(meeting)

    assert time.process_time() - began < 0.5

"""The card's sentences, in every state a meeting can be in."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.ids import ChannelId, PeerId, RecordingId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.views.card import card, state_line
from bot.views.words import clock
from tests.support.stories import MEETING, at, crowd, told

ANA, BO, CY = "<@UANA>", "<@UBO>", "<@UCY>"
S1, R1 = SessionId("s1"), RecordingId("r1")
STARTED = e.SessionStarted(S1, at(2))
BO_IN = e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(3))
CY_IN = e.ParticipantJoined(PeerId("p2"), S1, "UCY", "Cy", at(4))
ENDED = e.SessionEnded(S1, at(47), started_at=at(2))
CLOSED = e.RoomClosed(at(60), UserId("UBO"))


def labels(meeting: Meeting) -> list[str]:
    """Give what stands on the card's buttons; the menu is ``⋯``."""
    rows = [block for block in card(meeting).blocks if block["type"] == "actions"]
    return [part["text"]["text"] if part["type"] == "button" else "⋯" for row in rows for part in row["elements"]]


def notices(meeting: Meeting) -> list[str]:
    """Give the lines in small grey letters."""
    return [block["elements"][0]["text"] for block in card(meeting).blocks if block["type"] == "context"]


def test_a_new_meeting_says_who_started_it_and_that_nobody_came_yet() -> None:
    assert state_line(MEETING) == f"Started by {ANA} · nobody here yet"
    assert labels(MEETING) == ["Join", "Start recording", "⋯"]


def test_a_meeting_recorded_from_the_start_says_so() -> None:
    meeting = MEETING.model_copy(update={"record_on_start": True})

    assert state_line(meeting) == f"Started by {ANA} · nobody here yet · will be recorded"


def test_a_live_meeting_says_since_when_and_who_is_in_by_arrival() -> None:
    assert state_line(told(STARTED, CY_IN, BO_IN)) == f"*Live* since {clock(at(2))} · {BO} {CY}"


def test_without_news_of_its_start_it_is_live_since_the_first_person_came() -> None:
    assert state_line(told(CY_IN, BO_IN)) == f"*Live* since {clock(at(3))} · {BO} {CY}"


def test_without_any_time_it_is_just_live() -> None:
    meeting = told(e.SessionStarted(S1), e.ParticipantJoined(PeerId("p1"), S1, "UBO"))

    assert state_line(meeting) == f"*Live* · {BO}"


def test_a_session_of_which_nobody_is_known_is_live_with_nobody() -> None:
    assert state_line(told(STARTED)) == f"*Live* since {clock(at(2))} · nobody here now"


def test_a_crowd_is_counted() -> None:
    shown = " ".join(f"Guest {n}" for n in range(8))

    assert state_line(told(STARTED, *crowd(11))) == f"*Live* since {clock(at(2))} · {shown} and 3 more"


def test_a_person_on_two_devices_is_named_once() -> None:
    phone = e.ParticipantJoined(PeerId("p9"), S1, "UBO", "Bo's phone", at(9))

    assert state_line(told(STARTED, BO_IN, phone)).endswith(f"· {BO}")


@pytest.mark.parametrize(
    ("status", "words", "buttons"),
    [
        ("INVOKED", "*recording*", ["Join", "⋯"]),
        ("RECORDING", "*recording*", ["Join", "⋯"]),
        ("PAUSED", "recording paused", ["Join", "⋯"]),
        ("UPLOADING", None, ["Join", "Start recording", "⋯"]),
        ("UPLOADED", None, ["Join", "Start recording", "⋯"]),
        ("ERRORED", None, ["Join", "Start recording", "⋯"]),
    ],
)
def test_a_live_meeting_says_whether_it_is_recorded(status: str, words: str | None, buttons: list[str]) -> None:
    meeting = told(STARTED, BO_IN, e.RecordingUpdated(R1, status))

    assert state_line(meeting) == " · ".join([f"*Live* since {clock(at(2))}", BO, *([words] if words else [])])
    assert labels(meeting) == buttons


def test_an_ended_meeting_says_how_long_it_was_and_how_many_came_and_can_be_joined_again() -> None:
    meeting = told(STARTED, BO_IN, CY_IN, ENDED)

    assert state_line(meeting) == "Ended · 45 min · 2 people"
    assert labels(meeting) == ["Join again", "⋯"]


def test_an_ended_meeting_of_which_little_is_known_says_little() -> None:
    assert state_line(told(e.SessionEnded(S1))) == "Ended"
    assert state_line(told(BO_IN, e.SessionEnded(S1))) == "Ended · 1 person"


def test_the_sessions_of_a_room_add_up_whatever_order_they_were_heard_in() -> None:
    third = timedelta(seconds=20, microseconds=1)
    lengths = [timedelta(seconds=19, microseconds=999_999), timedelta(seconds=20), third]
    ends = [e.SessionEnded(SessionId(f"s{n}"), at(n) + length, started_at=at(n)) for n, length in enumerate(lengths)]

    assert state_line(told(*ends)) == "Ended · 1 min"
    assert state_line(told(*reversed(ends))) == "Ended · 1 min"


def test_a_closed_meeting_says_who_ended_it_and_offers_nothing() -> None:
    meeting = told(STARTED, BO_IN, ENDED, CLOSED)

    assert state_line(meeting) == f"Ended for everyone by {BO} · 45 min · 1 person"
    assert labels(meeting) == []


def test_a_meeting_closed_elsewhere_or_before_anybody_came_says_that() -> None:
    assert state_line(told(e.RoomClosed(at(60)))) == "Ended for everyone · nobody came"


def test_the_whole_card_is_said_in_words_too() -> None:
    drawn = card(told(title="R&D <weekly>"))

    assert drawn.text == f"R&amp;D &lt;weekly&gt;: Started by {ANA} · nobody here yet"
    assert drawn.blocks[0]["text"] == {"type": "plain_text", "text": "R&D <weekly>", "emoji": True}


def test_a_card_that_could_not_stand_in_its_channel_says_why_and_how_to_mend_it() -> None:
    meeting = told(e.HomeMoved(ChannelId("UANA"), "not_in_channel"))

    (notice,) = notices(meeting)
    assert notice == (
        "This is here and not in <#CGENERAL> because I cannot post there (`not_in_channel`)."
        " Invite me with `/invite @Greenroom` to have the next one there."
    )


def test_a_conversation_between_people_is_not_called_by_its_id() -> None:
    meeting = told(e.HomeMoved(ChannelId("UANA"), "channel_not_found"), channel=ChannelId("DANABO"))

    assert "because apps cannot post in a conversation between people" in notices(meeting)[0]


def test_those_who_could_not_be_invited_are_named() -> None:
    meeting = told(*(e.InviteFailed(UserId(user), "user_disabled") for user in ("UCY", "UBO")))

    assert notices(meeting) == [f"I could not send a message to {BO} {CY}. Please tell them yourself."]


def silent(*first: e.Event, **changes: Any) -> Meeting:
    """Give a meeting of which the provider does not speak any more."""
    return told(*first, e.ProviderChecked(at(20), answered=False), **changes)


def test_a_silent_provider_is_told_with_the_time_of_the_last_check() -> None:
    meeting = silent(e.ProviderChecked(at(10), answered=True))

    assert notices(meeting) == [f"Last checked at {clock(at(10))}: the video service does not answer. I keep asking."]
    assert notices(silent()) == ["Not checked yet: the video service does not answer. I keep asking."]


def test_a_provider_that_speaks_again_or_of_a_closed_meeting_is_not_complained_of() -> None:
    assert notices(silent(e.ProviderChecked(at(21), answered=True))) == []
    assert notices(silent(CLOSED)) == []


def test_the_menu_comes_last_and_asks_nothing_itself() -> None:
    more = card(MEETING).blocks[-1]["elements"][-1]

    assert more["type"] == "overflow"
    assert "confirm" not in more


def test_each_button_says_which_meeting_it_is_about() -> None:
    buttons = [part for part in card(MEETING).blocks[-1]["elements"] if part["type"] == "button"]

    assert {part["value"] for part in buttons} == {MEETING.id}
    assert [part["accessibility_label"] for part in buttons] == ["Join: Weekly sync", "Start recording: Weekly sync"]

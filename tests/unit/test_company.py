"""Who is around a meeting: whose faces are shown, and who has said that they cannot come."""

from datetime import datetime

from hypothesis import given

from bot.domain import events as e
from bot.domain.company import InviteAnswered, PersonSeen
from bot.domain.ids import PeerId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.domain.role_events import GuestInvited, PersonRemoved
from bot.views.card import card
from bot.views.faces import MOST, faces
from tests.support.stories import BEGUN, at, rooms, stories, told

BO = UserId("UBO")


def came(person: str, number: int = 1) -> e.ParticipantJoined:
    return e.ParticipantJoined(PeerId(f"{person}-{number}"), SessionId("s1"), person, person.title(), at(number))


def looks(person: str, picture: str | None = "https://avatars.example/a.png", when: datetime = BEGUN) -> PersonSeen:
    return PersonSeen(UserId(person), person.title(), picture, when)


def test_who_is_in_is_shown_with_a_picture_once_whatever_number_of_devices() -> None:
    [row] = faces(told(looks("UBO"), came("UBO", 1), came("UBO", 2)))

    assert row["elements"] == [{"type": "image", "image_url": "https://avatars.example/a.png", "alt_text": "Ubo"}]


def test_who_has_left_or_never_came_has_no_picture() -> None:
    gone = e.ParticipantLeft(PeerId("UBO-1"), SessionId("s1"), "UBO", "Bo", at(5))

    assert faces(told(looks("UBO"))) == []
    assert faces(told(looks("UBO"), came("UBO"), gone)) == []


def test_of_many_the_first_are_shown_and_the_rest_is_counted() -> None:
    people = [f"U{number:03}" for number in range(MOST + 3)]
    story = [event for person in people for event in (looks(person), came(person))]
    strangers = [e.ParticipantJoined(PeerId("x"), SessionId("s1"), None, "Eve", at(9))]

    [row] = faces(told(*story, *strangers))

    assert len(row["elements"]) == MOST + 1
    assert row["elements"][-1]["text"] == "and 4 more"


def test_a_newer_picture_takes_the_place_of_the_older_whichever_is_told_first() -> None:
    old, new = looks("UBO", "https://a.example/old", at(1)), looks("UBO", "https://a.example/new", at(2))

    assert faces(told(old, new, came("UBO"))) == faces(told(new, old, came("UBO")))
    assert faces(told(new, old, came("UBO")))[0]["elements"][0]["image_url"] == "https://a.example/new"


def test_the_card_names_who_cannot_come_until_they_come_or_it_is_over() -> None:
    no = InviteAnswered(BO, coming=False, at=at(1))

    assert "Cannot come now: <@UBO>" in str(card(told(no)).blocks)
    assert "Cannot come" not in str(card(told(no, came("UBO"))).blocks)
    assert "Cannot come" not in str(card(told(no, e.RoomClosed(at(9)))).blocks)


def test_the_card_names_the_guests_whose_passes_work() -> None:
    jane = GuestInvited(UserId("guest:1"), "Jane <!here>", UserId("UANA"), at(0), at(600))
    gone = PersonRemoved(UserId("guest:1"), UserId("UANA"), at(5))

    assert "Guests with a pass: Jane &lt;!here&gt; (of <@UANA>)" in str(card(told(jane)).blocks)
    assert "pass" not in str(card(told(jane, gone)).blocks)
    assert "pass" not in str(card(told(jane, e.RoomClosed(at(9)))).blocks)


def test_the_last_answer_counts() -> None:
    no, yes = InviteAnswered(BO, coming=False, at=at(1)), InviteAnswered(BO, coming=True, at=at(2))

    assert told(yes, no).company.cannot_come == told(no, yes).company.cannot_come == []


@given(rooms(), stories)
def test_a_row_of_faces_keeps_to_slacks_limits(meeting: Meeting, story: list[e.Event]) -> None:
    for row in faces(told(*story, meeting=meeting)):
        assert 1 <= len(row["elements"]) <= 10
        for element in row["elements"]:
            assert element["type"] == "plain_text" or (element["alt_text"] and len(element["image_url"]) <= 3000)

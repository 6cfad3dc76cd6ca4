"""Times, lengths, sizes and people, in words."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import PeerId
from bot.domain.meeting import Presence
from bot.views import words
from tests.support.stories import MEETING, at

MB = 1_000_000


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (0.9, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (32 * 60 + 59, "32 min"),
        (3600, "1 h 00 min"),
        (3900, "1 h 05 min"),
        (86_400, "24 h 00 min"),
        (360_000, "100 h 00 min"),
    ],
)
def test_a_length_is_said_as_people_do(seconds: float, said: str) -> None:
    assert words.length(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 kB"),
        (1, "1 kB"),
        (1_499, "1 kB"),
        (999_499, "999 kB"),
        (MB, "1 MB"),
        (78 * MB, "78 MB"),
        (999 * MB, "999 MB"),
        (1000 * MB, "1.0 GB"),
        (12_340 * MB, "12.3 GB"),
    ],
)
def test_a_size_is_said_as_file_managers_do(number: int, said: str) -> None:
    assert words.size(number) == said


@pytest.mark.parametrize(("number", "said"), [(999_500, "1 MB"), (999_600_000, "1.0 GB")])
def test_a_size_just_under_a_unit_is_said_in_the_next_one(number: int, said: str) -> None:
    assert words.size(number) == said


def test_people_are_counted_in_their_own_number() -> None:
    assert [words.people(n) for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_a_clock_is_shown_in_the_readers_own_zone_and_can_be_read_out() -> None:
    when = datetime(2026, 11, 21, 9, 4, tzinfo=UTC)

    assert words.clock(when) == "<!date^1795251840^{time}|09:04 UTC>"
    assert words.plain_clock(when) == "09:04 UTC"


def test_a_day_is_shown_in_the_readers_own_zone_and_can_be_read_out() -> None:
    when = datetime(2026, 11, 1, tzinfo=UTC)

    assert words.day(when) == "<!date^1793491200^{date_short}|1 Nov>"
    assert words.plain_day(when) == "1 Nov"


@pytest.mark.parametrize("person", ["UANA", "WENTERPRISE", "U0123456789"])
def test_a_slack_user_is_mentioned(person: str) -> None:
    presence = Presence(peer_id=PeerId("p1"), person=person, name="whatever they typed")

    assert words.who(presence, MEETING) == f"<@{person}>"


@pytest.mark.parametrize("person", [None, "", "guest-7", "U<!here>", "uana", "U", "U" * 40, "UANA\n"])
def test_anybody_else_is_called_by_the_name_they_typed(person: str | None) -> None:
    presence = Presence(peer_id=PeerId("p1"), person=person, name="Di <di@example.com>")

    assert words.who(presence, MEETING) == "Di &lt;di@example.com&gt;"


@pytest.mark.parametrize("name", [None, "", " ", "\u202e", "\n\t"])
def test_a_person_without_a_name_is_someone(name: str | None) -> None:
    assert words.who(Presence(peer_id=PeerId("p1"), name=name), MEETING) == "someone"


@given(st.text())
def test_a_typed_name_stays_on_its_line_and_steers_nothing(name: str) -> None:
    shown = words.who(Presence(peer_id=PeerId("p1"), name=name), MEETING)

    assert 0 < len(shown) <= words.NAME_MAX
    assert {unicodedata.category(c) for c in shown.replace(words.JOINER, "")}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert "<" not in shown
    assert ">" not in shown


def test_emoji_made_of_several_stay_whole() -> None:
    assert words.one_line("👩‍💻 Ana") == "👩‍💻 Ana"


def test_a_title_is_harmless_where_markup_is_read() -> None:
    assert words.title(MEETING.model_copy(update={"title": "R&D <!channel>"})) == "R&amp;D &lt;!channel&gt;"


def test_a_person_with_two_devices_is_listed_once() -> None:
    devices = [
        Presence(peer_id=PeerId("p1"), person="UBO", joined_at=at(1)),
        Presence(peer_id=PeerId("p2"), name="Guest"),
        Presence(peer_id=PeerId("p3"), person="UBO", joined_at=at(2)),
        Presence(peer_id=PeerId("p4"), name="Guest"),
        Presence(peer_id=PeerId("p5")),
        Presence(peer_id=PeerId("p6")),
    ]

    assert [presence.peer_id for presence in words.distinct(devices)] == ["p1", "p2", "p5", "p6"]


@pytest.mark.parametrize(
    ("names", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a b"), (["a", "b", "c"], "a b and 1 more"), (["a"] * 9, "a a and 7 more")],
)
def test_a_roll_counts_those_for_whom_there_is_no_room(names: list[str], said: str) -> None:
    assert words.roll(names, most=2) == said

"""What is believed of livestreams: what the provider says, and what it means when it says nothing of one."""

from datetime import datetime
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.ids import LivestreamId, PeerId, SessionId, UserId, room_of
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting
from bot.errors import ProviderNotFound, ProviderRejected, ProviderUnavailable
from bot.on_air import YOUNG, as_run, is_unclear, news_of_livestreams, outlived, take_off_air, unsettled
from tests.support.provider_double import ProviderDouble
from tests.support.stories import MEETING, at, told

L1, AGAIN, L2 = LivestreamId("l1"), LivestreamId("l1#2"), LivestreamId("l2")
S1 = SessionId("s1")
STARTED = LivestreamActed(L1, "start", UserId("UANA"), at(3))
STARTED_ANOTHER = LivestreamActed(L2, "start", UserId("UBO"), at(9.9))
LIVE = LivestreamUpdated(L1, "LIVE", started_at=at(4))
OVER = LivestreamUpdated(L1, "OFFLINE", stopped_at=at(9))
BO_IN = e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1))
EVERYONE_OUT = e.SessionEnded(S1, at(30), started_at=at(1))
SOON, LATE = at(3) + YOUNG / 2, at(3) + YOUNG


def says(word: str, own: LivestreamId = L1, **facts: Any) -> LivestreamUpdated:
    """Give what the provider says."""
    return LivestreamUpdated(own, word, **facts)


async def news(meeting: Meeting, provider: ProviderDouble, now: datetime | None = None) -> list[e.Event]:
    """Ask about every livestream that is not settled."""
    return await news_of_livestreams(provider, meeting, now or at(10))  # type: ignore[arg-type]


async def test_where_all_is_settled_nothing_is_asked() -> None:
    provider = ProviderDouble()

    assert await news(MEETING, provider) == await news(told(LIVE, OVER), provider) == []
    assert not provider.asked


async def test_what_is_on_air_is_believed() -> None:
    provider = ProviderDouble(on_air=says("LIVE"))

    assert await news(told(STARTED), provider) == [says("LIVE")]
    assert "get_livestream" not in provider.asked


@pytest.mark.parametrize("on_air", [None, says("IDLE"), says("OFFLINE"), says("LIVE", L2)])
async def test_what_was_on_air_and_is_no_more_is_over(on_air: LivestreamUpdated | None) -> None:
    provider = ProviderDouble(on_air=on_air, streams=[says("IDLE", started_at=at(4), stopped_at=at(8))])

    assert says("OFFLINE", started_at=at(4), stopped_at=at(8)) in await news(told(LIVE), provider)


async def test_an_end_of_which_nobody_knows_the_time_was_now() -> None:
    provider = ProviderDouble(streams=[says("IDLE")])

    assert await news(told(LIVE), provider) == [says("OFFLINE", stopped_at=at(10))]
    assert await news(told(LIVE, says("OFFLINE")), provider) == [says("OFFLINE", stopped_at=at(10))]


async def test_one_that_the_provider_has_forgotten_is_over() -> None:
    assert await news(told(LIVE), ProviderDouble()) == [says("OFFLINE", observed_at=at(10), stopped_at=at(10))]


async def test_one_that_was_asked_for_just_now_may_take_its_time() -> None:
    provider = ProviderDouble(streams=[says("IDLE")])

    assert await news(told(STARTED), provider, SOON) == []
    assert await news(told(STARTED), provider, LATE) == [says("OFFLINE", stopped_at=LATE)]


async def test_one_that_was_asked_for_just_now_and_stopped_is_not_waited_for() -> None:
    meeting = told(STARTED, LivestreamActed(L1, "stop", UserId("UBO"), at(4)))

    assert await news(meeting, ProviderDouble(streams=[says("IDLE")]), SOON) == [says("OFFLINE", stopped_at=SOON)]


async def test_a_failure_is_believed_however_young_it_is() -> None:
    provider = ProviderDouble(streams=[says("ERRORED", reason="no encoder")])

    assert await news(told(STARTED), provider, SOON) == [says("ERRORED", reason="no encoder", stopped_at=SOON)]


async def test_a_failure_that_was_told_as_an_end_is_learnt() -> None:
    provider = ProviderDouble(streams=[says("ERRORED", stopped_at=at(9))])
    meeting = told(LIVE, says("OFFLINE"))

    assert told(*await news(meeting, provider), meeting=meeting).livestreams[L1].status == "ERRORED"


async def test_what_is_said_to_be_on_air_though_its_room_has_nothing_is_believed_until_its_end_was_told() -> None:
    provider = ProviderDouble(streams=[says("LIVE")])

    assert await news(told(STARTED), provider) == [says("LIVE")]
    assert await news(told(LIVE, says("OFFLINE")), provider) == []


async def test_an_unknown_state_is_carried() -> None:
    assert await news(told(LIVE), ProviderDouble(streams=[says("REHEARSING")])) == [says("REHEARSING")]


@pytest.mark.parametrize("facts", [{}, {"stopped_at": at(9.9)}])
async def test_what_has_just_ended_is_no_new_run_though_the_provider_still_names_it(facts: dict[str, Any]) -> None:
    provider = ProviderDouble(on_air=says("LIVE"), streams=[says("IDLE", stopped_at=at(9.9))])
    meeting = told(LIVE, says("OFFLINE", **facts), STARTED_ANOTHER)

    assert set(told(*await news(meeting, provider), meeting=meeting).livestreams) == {L1, L2}


async def test_what_ended_long_ago_and_is_on_air_again_is_a_new_run() -> None:
    meeting = told(LIVE, OVER, STARTED_ANOTHER)

    assert says("LIVE", AGAIN) in await news(meeting, ProviderDouble(on_air=says("LIVE")))


async def test_a_failure_that_the_room_still_names_is_no_new_run() -> None:
    provider = ProviderDouble(on_air=says("ERRORED"), streams=[says("ERRORED", stopped_at=at(9))])

    assert await news(told(LIVE), provider) == [says("ERRORED", stopped_at=at(9))]
    assert await news(told(LIVE, says("ERRORED")), provider) == [says("ERRORED", stopped_at=at(9))]


async def test_an_id_that_is_on_air_again_is_another_run() -> None:
    over = told(LIVE, OVER)
    assert as_run(over, says("LIVE")).livestream_id == AGAIN

    again = told(LivestreamActed(AGAIN, "start", UserId("UBO"), at(20)), meeting=over)
    assert as_run(again, says("LIVE")).livestream_id == AGAIN
    assert await news(again, ProviderDouble(on_air=says("LIVE"))) == [says("LIVE", AGAIN)]


async def test_the_times_of_one_run_are_not_taken_for_those_of_another() -> None:
    meeting = told(LIVE, OVER, says("LIVE", AGAIN, started_at=at(20)))
    provider = ProviderDouble(streams=[says("IDLE", started_at=at(4), stopped_at=at(9))])

    assert await news(meeting, provider, at(40)) == [says("OFFLINE", AGAIN, stopped_at=at(40))]
    assert provider.about == {"room-1", "l1"}


# ------------------------------------------------------------ what is to be asked about at once


@pytest.mark.parametrize(
    ("story", "event", "unclear"),
    [
        ([says("LIVE")], says("LIVE"), True),
        ([LIVE], says("LIVE"), False),
        ([LIVE], says("IDLE"), True),
        ([LIVE, says("OFFLINE")], says("OFFLINE"), True),
        ([LIVE, OVER], says("OFFLINE"), False),
        ([LIVE, OVER, says("LIVE", AGAIN, started_at=at(20))], says("OFFLINE"), True),
        ([LIVE], EVERYONE_OUT, True),
        ([LIVE, OVER], EVERYONE_OUT, False),
        ([LIVE], BO_IN, False),
        ([LIVE], e.Ignored("meeting.summary"), False),
    ],
)
def test_what_leaves_open_how_a_livestream_is(story: list[e.Event], event: Any, unclear: bool) -> None:
    assert is_unclear(event, told(*story)) is unclear


def test_what_is_over_is_settled_once_its_end_is_known() -> None:
    assert {each.id for each in unsettled(told(LIVE, says("OFFLINE"), says("INVOKED", L2)))} == {L1, L2}
    assert unsettled(told(LIVE, OVER)) == []


# ------------------------------------------------------------ when everyone has gone


@pytest.mark.parametrize(
    ("story", "goes_on"),
    [
        ([BO_IN, LIVE], False),
        ([LIVE], False),
        ([BO_IN, LIVE, EVERYONE_OUT], True),
        ([BO_IN, LIVE, EVERYONE_OUT, OVER], False),
        ([BO_IN, LIVE, EVERYONE_OUT, e.SessionStarted(SessionId("s2"), at(31))], False),
        ([EVERYONE_OUT, says("LIVE", started_at=at(40))], False),
        ([LIVE, e.RoomClosed(at(50))], True),
    ],
)
def test_a_livestream_outlives_its_meeting_when_everyone_has_gone(story: list[e.Event], goes_on: bool) -> None:
    assert bool(outlived(told(*story))) is goes_on


async def off(provider: ProviderDouble) -> bool:
    return await take_off_air(provider, room_of(MEETING.id))  # type: ignore[arg-type]


async def test_what_is_not_on_air_need_not_be_stopped() -> None:
    assert await off(ProviderDouble(on_air=says("LIVE"))) is True
    assert await off(ProviderDouble()) is False
    assert await off(ProviderDouble(trouble={"stop_livestream": ProviderRejected("nothing here", status=400)})) is False


async def test_a_stop_that_is_refused_while_the_public_watches_is_trouble() -> None:
    for trouble in (ProviderRejected("no", status=400), ProviderUnavailable("no answer")):
        with pytest.raises(type(trouble)):
            await off(ProviderDouble(on_air=says("LIVE"), trouble={"stop_livestream": trouble}))


async def test_a_room_that_is_gone_shows_nothing() -> None:
    gone = ProviderDouble(on_air=says("LIVE"), trouble={"stop_livestream": ProviderNotFound("gone", status=404)})

    assert await off(gone) is False

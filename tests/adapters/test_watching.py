"""Who is given a link: whoever may see the channel, as Slack says now, and not who once could."""

import pytest

from bot.domain import events as e
from bot.domain.ids import ChannelId, RecordingId, UserId
from bot.domain.shelf import Shelved, Spot
from bot.errors import ChatBusy, UserError
from bot.happenings import Happenings
from bot.store import MeetingStore
from bot.watching import Watching
from tests.support.chat_double import ChatDouble
from tests.support.clock import Clock
from tests.support.stories import MEETING, at, told

R1, ANA, BO, CY = RecordingId("r1"), UserId("UANA"), UserId("UBO"), UserId("UCY")
HERE, ELSEWHERE = MEETING.channel, ChannelId("CELSEWHERE")
DONE = (e.RecordingActed(R1, "start", BO, at(1)), e.RecordingUpdated(R1, "UPLOADED"))


class BusyChat(ChatDouble):
    async def is_member(self, channel: ChannelId, user: UserId) -> bool | None:
        del channel, user
        raise ChatBusy("ratelimited", retry_after=3)


@pytest.fixture
def watching(store: MeetingStore, chat: ChatDouble, clock: Clock) -> Watching:
    return built(store, chat, clock)


def built(store: MeetingStore, chat: ChatDouble, clock: Clock) -> Watching:
    async def follow(_: str) -> None:
        pass

    return Watching(Happenings(store, follow), chat, clock)


def shelved(*more: e.Event) -> Shelved:
    meeting = told(*DONE, *more)
    return Shelved(Spot(0, meeting.id, R1), meeting, meeting.recordings[R1])


async def may(
    watching: Watching, user: UserId, channel: ChannelId = HERE, *more: e.Event, in_the_open: bool = True
) -> bool:
    try:
        await watching.insist(shelved(*more), user, clicked_in=channel, in_the_open=in_the_open)
    except UserError:
        return False
    return True


async def test_a_click_in_the_thread_is_proof_and_asks_nobody(watching: Watching, chat: ChatDouble) -> None:
    chat.members[HERE] = set()

    assert await may(watching, CY)


async def test_a_private_list_outlives_a_membership_so_slack_is_asked(watching: Watching, chat: ChatDouble) -> None:
    chat.members[HERE] = {BO}

    assert await may(watching, BO, in_the_open=False)
    assert not await may(watching, CY, in_the_open=False)


async def test_a_click_elsewhere_counts_for_members_alone(watching: Watching, chat: ChatDouble) -> None:
    chat.members[HERE] = {BO}

    assert [await may(watching, user, ELSEWHERE) for user in (ANA, BO, CY)] == [False, True, False]


async def test_where_the_bot_may_not_look_the_channel_of_the_click_counts_or_whose_meeting_it_is(
    watching: Watching,
) -> None:
    assert await may(watching, CY, in_the_open=False)
    assert not await may(watching, CY, ELSEWHERE)
    assert await may(watching, ANA, ELSEWHERE)


async def test_a_slack_that_does_not_answer_is_no_proof_elsewhere(store: MeetingStore, clock: Clock) -> None:
    silent = built(store, BusyChat(), clock)

    assert await may(silent, CY, in_the_open=False)
    assert not await may(silent, CY, ELSEWHERE)


async def test_a_hidden_one_is_for_those_alone_who_may_show_it_again(watching: Watching) -> None:
    hidden = e.RecordingHidden(R1, BO, at(9))

    assert [await may(watching, user, HERE, hidden) for user in (ANA, BO, CY)] == [True, True, False]


async def test_who_watched_is_noted_with_the_time(watching: Watching, store: MeetingStore, clock: Clock) -> None:
    await store.add(told(*DONE))
    first = clock()
    await watching.note(MEETING.id, R1, CY)
    last = clock.goes_on(minutes=5)
    await watching.note(MEETING.id, R1, CY)

    saved = await store.get(MEETING.id)
    assert saved
    viewing = saved.meeting.recordings[R1].viewers[CY]
    assert (viewing.first, viewing.last) == (first, last)

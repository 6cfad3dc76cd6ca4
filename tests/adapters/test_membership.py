"""Who is in a conversation: asked of Slack itself, over HTTP, and never remembered past a second."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import ChannelId, UserId
from bot.errors import ChatBusy, ChatUnavailable, TokenDead
from bot.slack.chat import SlackChat
from bot.slack.membership import FRESH, Membership
from playground.slack import SlackSimulator
from playground.slack_limits import TIER_PER_MINUTE
from playground.workspace import sample_workspace
from playground.workspace_values import Channel, User
from tests.playground.slack_bench import BOT_TOKEN, SIGNING_SECRET, serving

ANA, BO = UserId("UANA"), UserId("UBO")
READ = ("channels:read", "groups:read", "im:read", "mpim:read")


class OpenDoors:
    """Nothing is closed to us; notes what Slack refuses."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    async def check(self, method: str, channel: ChannelId | None) -> None:
        """Let every call pass."""

    async def note(self, method: str, channel: ChannelId | None, refusal: Exception) -> None:
        """Note a refusal."""
        del channel, refusal
        self.noted.append(method)


class Ticks:
    """A clock that stands until it is told to pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def slack() -> AsyncIterator[SlackSimulator]:
    simulator = SlackSimulator(sample_workspace(), signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    simulator.scopes.update(READ)
    async with serving(simulator):
        yield simulator


@pytest.fixture
async def chat(slack: SlackSimulator) -> AsyncIterator[SlackChat]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(BOT_TOKEN, base_url=slack.api_url, session=session, retry_handlers=[])
        yield SlackChat(client, lambda *_: None, OpenDoors())


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def membership(chat: SlackChat, ticks: Ticks) -> Membership:
    return Membership(chat._call, ticks)


def asked(slack: SlackSimulator) -> int:
    return len([call for call in slack.calls if call.method == "conversations.members"])


@pytest.mark.parametrize(
    ("channel", "is_in"),
    [
        ("CGENERAL", True),
        ("CRANDOM", True),  # public, and the bot is not in it
        ("DANA", True),
        ("CLEADS", None),  # private, and the bot is not in it
        ("DANABO", None),  # between two people
        ("CNOWHERE", None),
    ],
)
async def test_the_bot_looks_where_it_may_and_says_where_it_may_not(
    chat: SlackChat, channel: str, is_in: bool | None
) -> None:
    assert await chat.is_member(ChannelId(channel), ANA) is is_in


@pytest.mark.parametrize(
    ("channel", "sees"), [("CGENERAL", True), ("CRANDOM", True), ("CLEADS", False), ("DANABO", False)]
)
async def test_whether_the_bot_may_look_is_known_by_one_small_question(
    slack: SlackSimulator, chat: SlackChat, channel: str, sees: bool
) -> None:
    assert await chat.sees_members(ChannelId(channel)) is sees
    assert [call.args["limit"] for call in slack.calls] == ["1"]


async def test_somebody_else_is_not_in(chat: SlackChat) -> None:
    assert await chat.is_member(ChannelId("DANA"), BO) is False
    assert await chat.is_member(ChannelId("CGENERAL"), UserId("USOMEBODYELSE")) is False


@pytest.mark.parametrize(
    ("scope", "channel"), [("channels:read", "CGENERAL"), ("im:read", "DANA"), ("groups:read", "CTEAM")]
)
async def test_without_the_scope_for_a_kind_of_conversation_the_bot_may_not_look(
    slack: SlackSimulator, chat: SlackChat, scope: str, channel: str
) -> None:
    slack.workspace.add_channel(Channel("CTEAM", "team", "private", ("UANA", "UGREENROOM")))
    slack.scopes.discard(scope)

    assert await chat.is_member(ChannelId(channel), ANA) is None


async def test_group_conversations_and_private_channels_with_the_bot_are_seen(
    slack: SlackSimulator, chat: SlackChat
) -> None:
    group = slack.workspace.open_direct("ana", "bo", "greenroom")
    slack.workspace.add_channel(Channel("CTEAM", "team", "private", ("UANA", "UGREENROOM")))

    assert await chat.is_member(ChannelId(group.id), ANA)
    assert await chat.is_member(ChannelId("CTEAM"), ANA)
    assert await chat.is_member(ChannelId("CTEAM"), BO) is False


async def test_a_crowd_is_read_to_its_last_page(slack: SlackSimulator, membership: Membership) -> None:
    crowd = [slack.workspace.add_user(User(f"U{number}", f"p{number}", f"P {number}")) for number in range(2500)]
    slack.workspace.add_channel(Channel("CALL", "all", "public", tuple(user.id for user in crowd)))

    assert await membership.has(ChannelId("CALL"), UserId("U2499"))
    assert asked(slack) == 3
    assert await membership.has(ChannelId("CALL"), ANA) is False
    assert asked(slack) == 3


async def test_whoever_leaves_is_out_once_the_answer_is_a_second_old(
    slack: SlackSimulator, membership: Membership, ticks: Ticks
) -> None:
    assert await membership.has(ChannelId("CGENERAL"), ANA)
    slack.workspace.remove("general", "ana")
    ticks.now += FRESH + 0.001

    assert await membership.has(ChannelId("CGENERAL"), ANA) is False


async def test_people_who_come_together_share_one_question(slack: SlackSimulator, membership: Membership) -> None:
    found = await asyncio.gather(*(membership.has(ChannelId("CGENERAL"), user) for user in (ANA, BO) * 20))

    assert all(found)
    assert asked(slack) == 1


async def test_a_slow_answer_serves_those_who_came_before_it_was_asked_for(ticks: Ticks) -> None:
    """In a large channel the answer takes longer than it stays fresh; still not everybody asks."""
    questions = 0

    async def slow(method: str, arguments: object, *, form: bool) -> dict[str, object]:
        nonlocal questions
        del method, arguments, form
        questions += 1
        for _ in range(5):
            await asyncio.sleep(0)
        ticks.now += 5 * FRESH
        return {"members": ["UANA"]}

    membership = Membership(slow, ticks)
    first = asyncio.create_task(membership.has(ChannelId("CALL"), ANA))
    while not questions:
        await asyncio.sleep(0)
    ticks.now += 0.1
    await asyncio.gather(first, *(membership.has(ChannelId("CALL"), ANA) for _ in range(20)))

    assert questions == 2


async def test_a_limit_is_passed_on_and_remembered(slack: SlackSimulator, chat: SlackChat) -> None:
    slack.faults.ratelimit("conversations.members", 1, retry_after=7)

    with pytest.raises(ChatBusy) as busy:
        await chat.is_member(ChannelId("CGENERAL"), ANA)

    assert busy.value.retry_after == 7
    doors = chat.doors
    assert isinstance(doors, OpenDoors)
    assert doors.noted == ["conversations.members"]
    assert await chat.is_member(ChannelId("CGENERAL"), ANA)


async def test_trouble_is_no_answer(slack: SlackSimulator, chat: SlackChat) -> None:
    slack.faults.server_error("conversations.members", 1)
    with pytest.raises(ChatUnavailable):
        await chat.is_member(ChannelId("CGENERAL"), ANA)
    slack.faults.token_error = "token_revoked"
    with pytest.raises(TokenDead):
        await chat.is_member(ChannelId("CGENERAL"), ANA)


def test_a_rush_stays_within_slacks_own_limit() -> None:
    """A call a second is 60 a minute, where Slack allows 100 and more."""
    assert TIER_PER_MINUTE[4] > 60 / FRESH


async def test_only_so_many_conversations_are_remembered(membership: Membership) -> None:
    for number in range(1100):
        membership._turn(ChannelId(f"C{number}"))

    assert len(membership._turns) <= 1000


async def test_pages_without_end_are_given_up(ticks: Ticks) -> None:
    async def endless(method: str, arguments: object, *, form: bool) -> dict[str, object]:
        del method, arguments, form
        return {"members": ["UBO"], "response_metadata": {"next_cursor": "again"}}

    with pytest.raises(ChatUnavailable):
        await Membership(endless, ticks).has(ChannelId("CALL"), ANA)

"""What Slack does not say is a no: who is in a channel is asked until it is known, and nothing is allowed before."""

import asyncio
from collections.abc import Sequence

import pytest
from redis.asyncio import Redis

from bot.channel_rules import ChannelRules
from bot.clock import utcnow
from bot.domain.ids import ChannelId, UserId
from bot.domain.rules import Act, Rules
from bot.errors import ChatBusy, ChatError, ChatUnavailable, NotAllowed, NotKnownNow, TokenDead
from bot.permissions import Permissions
from tests.support.chat_double import ChatDouble
from tests.support.stories import MEETING

BO = UserId("UBO")
SILENT = "Slack does not tell me right now whether you are in this channel"


class Slack(ChatDouble):
    """Says who is in a channel after some trouble, or never."""

    def __init__(self, *trouble: ChatError, silent: bool = False, members: Sequence[UserId] = (BO,)) -> None:
        super().__init__()
        self.trouble, self.silent, self.members = list(trouble), silent, {MEETING.channel: set(members)}

    async def is_member(self, channel: ChannelId, user: UserId) -> bool | None:
        if self.silent:
            await asyncio.Event().wait()
        if self.trouble:
            raise self.trouble.pop(0)
        return await super().is_member(channel, user)


def permissions(redis: Redis, chat: Slack, patience: float = 5.0) -> Permissions:
    return Permissions(chat, ChannelRules(redis, Rules()), utcnow, patience)


async def test_a_slack_that_says_nothing_lets_nobody_in_and_they_are_told_what_to_do(redis: Redis) -> None:
    with pytest.raises(NotKnownNow, match=SILENT) as told:
        await permissions(redis, Slack(silent=True), patience=0.02).insist(BO, Act.RECORD, MEETING)

    assert str(told.value).endswith(
        "so I cannot let you record this meeting yet. Nothing was done. Please try again in a minute."
    )


@pytest.mark.parametrize("trouble", [ChatBusy("conversations.members", 0.01), ChatUnavailable("timeout")])
async def test_it_is_asked_again_and_its_answer_counts(redis: Redis, trouble: ChatError) -> None:
    await permissions(redis, Slack(trouble)).insist(BO, Act.RECORD, MEETING)

    with pytest.raises(NotAllowed, match="You are not in the channel"):
        await permissions(redis, Slack(trouble, members=())).insist(BO, Act.RECORD, MEETING)


async def test_one_that_asks_for_more_time_than_anybody_waits_is_not_waited_for_in_vain(redis: Redis) -> None:
    slack = Slack(*[ChatBusy("conversations.members", 30)] * 9)

    with pytest.raises(NotKnownNow):
        await permissions(redis, slack, patience=0.02).insist(BO, Act.RECORD, MEETING)


async def test_one_that_takes_the_token_away_is_believed_at_once(redis: Redis) -> None:
    with pytest.raises(NotKnownNow):
        await permissions(redis, Slack(TokenDead("token_revoked"))).insist(BO, Act.RECORD, MEETING)


async def test_the_host_needs_no_answer(redis: Redis) -> None:
    await permissions(redis, Slack(silent=True), patience=0.02).insist(MEETING.host, Act.RECORD, MEETING)

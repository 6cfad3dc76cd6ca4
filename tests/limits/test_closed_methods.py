"""A method that Slack has closed is called by no replica, for whatever purpose, until it opens again."""

import pytest

from bot.domain import events as e
from bot.domain.ids import ChannelId, PeerId, SessionId, UserId
from bot.errors import ChatBusy, TokenDead
from bot.exchanged import Message
from bot.keys import posts_key
from bot.slack.people import STRANGER
from tests.limits.desk import Desk

HELLO = Message("answer", "Hello", ())
GENERAL = ChannelId("CGENERAL")


async def test_looking_for_a_lost_post_keeps_off_while_reading_is_closed(desk: Desk) -> None:
    desk.slack.scopes.add("channels:history")
    desk.slack.faults.ratelimit("conversations.history", times=9, retry_after=30)
    first, second = await desk.meets("first"), await desk.meets("second")
    for meeting in (first, second):  # as a crash in the middle of a post leaves it
        await desk.redis.hset(posts_key(meeting.id), "card", '{"home":"CGENERAL","channel":"CGENERAL"}')

    later = [await replica.follows(m) for m in (first, second, first) for replica in (desk.one, desk.other)]

    assert all(wait and wait.seconds > 29 for wait in later)
    assert len(desk.called("conversations.history")) == 1


async def test_names_are_not_asked_for_while_that_is_closed(desk: Desk) -> None:
    desk.slack.faults.ratelimit("users.info", times=9, retry_after=30)

    names = [(await replica.chat.person(UserId(u))).name for u in ("UBO", "UCY") for replica in (desk.one, desk.other)]

    assert names == [STRANGER] * 4
    assert len(desk.called("users.info")) == 1


async def test_a_name_is_worth_waiting_for_a_moment(desk: Desk) -> None:
    desk.slack.faults.ratelimit("users.info", retry_after=1)

    assert (await desk.one.chat.person(UserId("UBO"))).name == "bo"
    first, second = desk.called("users.info")
    assert (second.at - first.at).total_seconds() >= 1


async def test_private_words_keep_off_too(desk: Desk) -> None:
    desk.slack.faults.ratelimit("chat.postEphemeral", times=9, retry_after=30)

    for replica in (desk.one, desk.other, desk.one):
        with pytest.raises(ChatBusy) as busy:
            await replica.chat.whisper(GENERAL, UserId("UBO"), HELLO)
        assert busy.value.retry_after > 29

    assert len(desk.called("chat.postEphemeral")) == 1


async def test_a_dead_token_is_tried_once_by_the_whole_deployment(desk: Desk) -> None:
    meetings = [await desk.stands(f"m{number}") for number in range(3)]
    desk.slack.faults.revoke_token()

    for round_ in range(3):
        for meeting in meetings:
            await desk.tells(
                meeting, e.ParticipantJoined(PeerId(f"p{round_}"), SessionId("s1"), None, f"Guest {round_}")
            )
            for replica in (desk.one, desk.other):
                assert await replica.follows(meeting)
    with pytest.raises(TokenDead):
        await desk.other.chat.post(GENERAL, HELLO, thread=None, mark={})

    assert len(desk.slack.calls) == 1


async def test_a_new_token_is_not_blamed_for_the_old_one(desk: Desk) -> None:
    meeting = await desk.meets("first")
    desk.slack.faults.revoke_token()
    await desk.one.follows(meeting)
    desk.slack.faults.restore_token()

    renewed = desk.renewed()
    await desk.passes()
    assert await renewed.follows(meeting) is None
    assert len(desk.slack.workspace.channel_messages("CGENERAL")) == 1

"""The thread follows the meeting: each message once, in order, within Slack's limits, whatever goes wrong."""

import asyncio
from functools import partial

import pytest
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain import events as e
from bot.domain.ids import ChannelId, MeetingId, PeerId, RecordingId, SessionId, UserId
from bot.errors import ChatBusy, ChatUnavailable, TokenDead
from bot.keys import ban_key, thread_lock_key
from bot.locks import Locks
from bot.posts import Posts
from bot.reconciler import BUSY, DEAD_TOKEN, Later, Reconciler
from bot.store import MeetingStore
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene
from tests.support.stories import MEETING, at

R1 = RecordingId("r1")
JOINED = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))
INVOKED, RUNNING = e.RecordingUpdated(R1, "INVOKED"), e.RecordingUpdated(R1, "RECORDING", observed_at=at(4))
READY = e.RecordingUpdated(R1, "UPLOADED", seconds=60)
NAMED = (UserId("UBO"), UserId("UCY"))


# ---------------------------------------------------------------- posting and editing


async def test_a_new_meeting_has_its_card_posted_once(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    assert await scene.follows() is None
    assert await scene.follows() is None

    assert chat.calls == [("post", "card")]
    assert chat.one("card").channel == "CGENERAL"
    assert not await scene.is_stale()


async def test_an_unknown_meeting_and_one_that_has_not_changed_cost_nothing(scene: Scene, chat: ChatDouble) -> None:
    assert await scene.reconciler.reconcile(MeetingId("dyte:nowhere")) is None
    await scene.shows()
    chat.calls.clear()

    assert await scene.follows() is None
    assert chat.calls == []


async def test_a_change_edits_what_looks_different_and_nothing_else(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows(JOINED, RUNNING)
    chat.calls.clear()
    await scene.tells(e.RecordingActed(R1, "pause", UserId("UBO"), at(5)))
    await scene.settles()
    assert chat.calls == []

    await scene.tells(e.RecordingUpdated(R1, "PAUSED", observed_at=at(5)))
    await scene.settles()
    assert sorted(chat.calls) == [("edit", "card"), ("edit", "recording:r1")]
    assert chat.text("recording:r1").startswith("*Paused* by <@UBO>")


async def test_a_whole_story_is_told_in_order_each_message_once(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins(JOINED, RUNNING, READY, e.SessionEnded(SessionId("s1"), at(60)), invited=NAMED)
    await scene.settles()

    assert chat.slots("CGENERAL") == ["card", "recording:r1", "ready:r1", "session:s1"]
    assert chat.slots("DUBO") == ["invite:UBO"]
    assert chat.slots("DUCY") == ["invite:UCY"]
    card = chat.one("card")
    assert {m.thread for m in chat.standing if m.channel == "CGENERAL"} == {None, card.ts}
    assert [m.message.slot for m in chat.standing if m.message.broadcast] == ["ready:r1"]


async def test_the_card_stands_before_anything_else_of_its_thread(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins(READY)
    chat.next("post", refused=ChatUnavailable("http_503"))
    with pytest.raises(ChatUnavailable):
        await scene.follows()
    assert chat.slots() == []

    await scene.passes()
    await scene.follows()
    assert chat.slots() == ["card"]


async def test_the_thread_tells_for_how_long_it_was_behind(scene: Scene) -> None:
    await scene.shows()

    assert scene.lags == [0.0]


# ---------------------------------------------------------------- Slack's limits


async def test_a_channel_gets_one_post_a_second(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins(RUNNING, READY)
    for number in (1, 2, 3):
        later = await scene.follows()
        assert len(chat.standing) == number
        assert await scene.follows() is not None or number == 3
        assert len(chat.standing) == number
        await scene.passes()
        assert later is None or 0 < later.seconds <= 1

    assert chat.slots() == ["card", "recording:r1", "ready:r1"]


async def test_another_meeting_in_the_same_channel_waits_for_its_turn_too(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    other = MEETING.model_copy(update={"id": MeetingId("realtimekit:room-2")})
    await scene.store.add(other)
    await scene.follows()

    later = await scene.reconciler.reconcile(other.id)
    assert later
    assert 0 < later.seconds <= 1
    assert len(chat.standing) == 1


async def test_a_card_is_edited_once_in_three_seconds_and_its_newest_state_wins(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows()
    await scene.tells(JOINED)
    assert await scene.follows() is None

    for number in range(2, 6):
        await scene.tells(
            e.ParticipantJoined(PeerId(f"p{number}"), SessionId("s1"), None, f"Guest {number}", at(number))
        )
        later = await scene.follows()
        assert later
        assert 1 < later.seconds <= 3
    assert chat.count("edit") == 1

    await scene.passes()
    assert await scene.follows() is None
    assert chat.count("edit") == 2
    assert chat.text("card").endswith("<@UBO> Guest 2 Guest 3 Guest 4 Guest 5")


async def test_replies_do_not_wait_for_the_cards_turn(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows()
    await scene.tells(JOINED)
    await scene.follows()
    await scene.tells(INVOKED)

    assert await scene.follows() is not None
    assert chat.slots() == ["card", "recording:r1"]


async def test_slack_that_is_busy_is_left_alone_for_as_long_as_it_says(
    scene: Scene, chat: ChatDouble, redis: Redis
) -> None:
    await scene.begins()
    chat.next("post", refused=ChatBusy("chat.postMessage", 30))
    assert await scene.follows() == Later(30, "ratelimited")

    assert 29_000 < await redis.pttl(ban_key("chat.postMessage", MEETING.home)) <= 30_000
    later = await scene.follows()
    assert later
    assert later.seconds > 29
    assert chat.count("post") == 1

    await scene.settles()
    assert chat.slots() == ["card"]


async def test_every_replica_leaves_a_busy_slack_alone(scene: Scene, redis: Redis) -> None:
    await scene.begins()
    scene.chat.next("post", refused=ChatBusy("chat.postMessage", 30))
    await scene.follows()

    other = ChatDouble()
    replica = Reconciler(MeetingStore(redis, utcnow), Posts(redis), Locks(redis), other)
    assert await replica.reconcile(MEETING.id) is not None
    assert other.calls == []


async def test_a_method_that_is_busy_does_not_hold_up_the_other(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows(RUNNING)
    await scene.tells(e.RecordingUpdated(RecordingId("r2"), "INVOKED", invoked_at=at(2)), JOINED)
    await scene.tells(e.RecordingUpdated(R1, "PAUSED", observed_at=at(9), invoked_at=at(5)))
    chat.next("post", refused=ChatBusy("chat.postMessage", 30))
    assert await scene.follows() == Later(30)

    assert chat.text("card").endswith("<@UBO> · recording paused")
    assert chat.text("recording:r1") == "*Paused*"


async def test_edits_that_slack_put_off_are_not_tried_before_their_time(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows(JOINED, RUNNING)
    await scene.tells(e.RecordingUpdated(R1, "PAUSED", observed_at=at(9)))
    chat.next("edit", refused=ChatBusy("chat.update", 30))
    for _ in range(3):
        later = await scene.follows()
        assert later
        assert later.seconds > 2
    assert chat.count("edit") == 1

    await scene.passes()
    await scene.settles()
    assert chat.text("recording:r1") == "*Paused*"


async def test_a_post_that_slack_turned_away_is_not_looked_for(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    chat.next("post", refused=ChatBusy("chat.postMessage", 1))
    await scene.settles()

    assert chat.count("find") == 0
    assert chat.slots() == ["card"]


async def test_a_dead_token_is_not_tried_again_soon(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    chat.next("post", refused=TokenDead("token_revoked"))

    assert await scene.follows() == Later(DEAD_TOKEN, "token_revoked")
    assert await scene.is_stale()


# ---------------------------------------------------------------- messages that are gone, and places that refuse


async def test_a_message_that_somebody_deleted_is_never_tried_again(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows()
    chat.delete("card")
    await scene.tells(JOINED)
    assert await scene.follows() is None
    chat.calls.clear()

    await scene.passes()
    await scene.tells(e.SessionStarted(SessionId("s2"), at(9)))
    assert await scene.follows() is None
    assert chat.calls == []
    assert chat.slots() == []


async def test_a_deleted_reply_does_not_stop_the_others(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows(RUNNING)
    chat.delete("recording:r1")
    await scene.tells(READY)
    await scene.settles()

    assert chat.slots() == ["card", "ready:r1"]


async def test_a_channel_that_takes_nothing_sends_the_thread_to_the_host(scene: Scene, chat: ChatDouble) -> None:
    chat.closed["CGENERAL"] = "not_in_channel"
    await scene.begins(RUNNING)
    await scene.settles()

    meeting = await scene.meeting()
    assert (meeting.home, meeting.home_because) == ("UANA", "not_in_channel")
    assert chat.slots() == ["card", "recording:r1"]
    assert {m.channel for m in chat.standing} == {"DUANA"}
    assert "I cannot post there (`not_in_channel`)" in str(chat.one("card").message.blocks)


async def test_a_thread_at_the_hosts_goes_on_there(scene: Scene, chat: ChatDouble) -> None:
    chat.closed["CGENERAL"] = "not_in_channel"
    await scene.shows(RUNNING)
    await scene.tells(READY)
    await scene.settles()

    assert chat.slots("DUANA") == ["card", "recording:r1", "ready:r1"]
    assert chat.one("recording:r1").edits == 1
    assert chat.one("ready:r1").thread == chat.one("card").ts


async def test_a_channel_that_is_closed_later_moves_the_thread_too(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows()
    chat.closed["CGENERAL"] = "is_archived"
    await scene.tells(JOINED)
    await scene.settles()

    assert chat.slots() == ["card", "card"]
    assert chat.one("card").channel == "DUANA"


async def test_where_the_host_takes_nothing_either_it_is_given_up_quietly(scene: Scene, chat: ChatDouble) -> None:
    chat.closed |= {"CGENERAL": "not_in_channel", "DUANA": "user_disabled"}
    await scene.begins(RUNNING, invited=(UserId("UBO"),))
    await scene.settles()
    assert chat.slots() == ["invite:UBO"]
    assert not await scene.is_stale()

    chat.calls.clear()
    await scene.tells(JOINED, READY)
    await scene.settles()
    assert chat.calls == []


async def test_an_invitation_that_cannot_be_sent_is_told_on_the_card(scene: Scene, chat: ChatDouble) -> None:
    chat.closed["DUBO"] = "user_disabled"
    await scene.begins(invited=NAMED)
    await scene.settles()

    assert chat.slots() == ["card", "invite:UCY"]
    assert "I could not send a message to <@UBO>." in str(chat.one("card").message.blocks)
    assert (await scene.meeting()).unreachable == {"UBO": "user_disabled"}


async def test_everyone_who_was_named_may_be_out_of_reach(scene: Scene, chat: ChatDouble) -> None:
    named = tuple(UserId(f"UPERSON{n}") for n in range(12))
    chat.closed |= {f"D{user}": "user_disabled" for user in named}
    await scene.begins(invited=named)
    await scene.settles()

    assert len((await scene.meeting()).unreachable) == 12
    assert chat.slots() == ["card"]


async def test_blocks_that_slack_does_not_take_are_said_in_words(scene: Scene, chat: ChatDouble) -> None:
    chat.picky = True
    await scene.shows()
    assert chat.one("card").message.blocks == ()
    assert chat.text("card").endswith("nobody here yet")

    await scene.tells(JOINED)
    await scene.settles()
    assert chat.text("card").endswith("<@UBO>")
    assert not await scene.is_stale()


# ---------------------------------------------------------------- crashes between two writes


@pytest.mark.parametrize("may_look", [True, False])
async def test_an_answer_that_got_lost_is_looked_for_before_it_is_posted_again(
    scene: Scene, chat: ChatDouble, may_look: bool
) -> None:
    chat.may_look = may_look
    await scene.begins()
    chat.next("post", lost=ChatUnavailable("TimeoutError"))
    with pytest.raises(ChatUnavailable):
        await scene.follows()
    await scene.passes()
    await scene.settles()

    assert chat.count("find") == 1
    assert chat.slots() == (["card"] if may_look else ["card", "card"])
    assert (await scene.post("card")).ts == chat.one("card").ts


async def test_a_post_that_never_arrived_is_posted_after_it_was_looked_for(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    chat.next("post", refused=ChatUnavailable("http_503"))
    with pytest.raises(ChatUnavailable):
        await scene.follows()
    await scene.passes()
    await scene.settles()

    assert chat.calls == [("post", "card"), ("find", "card"), ("post", "card")]
    assert chat.slots() == ["card"]


async def test_what_was_found_again_is_brought_up_to_date(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows()
    chat.next("post", lost=ChatUnavailable("TimeoutError"))
    await scene.tells(INVOKED)
    with pytest.raises(ChatUnavailable):
        await scene.settles()
    await scene.tells(RUNNING)
    await scene.passes()
    await scene.settles()

    assert chat.slots() == ["card", "recording:r1"]
    assert chat.text("recording:r1") == "*Recording*"


async def test_a_reply_at_the_hosts_is_looked_for_too(scene: Scene, chat: ChatDouble) -> None:
    chat.closed["CGENERAL"] = "not_in_channel"
    await scene.shows()
    chat.next("post", lost=ChatUnavailable("TimeoutError"))
    await scene.tells(INVOKED)
    with pytest.raises(ChatUnavailable):
        await scene.settles()
    await scene.passes()
    await scene.settles()

    assert chat.slots() == ["card", "recording:r1"]


async def test_an_edit_that_got_lost_is_made_again(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows()
    await scene.tells(JOINED)
    chat.next("edit", lost=ChatUnavailable("TimeoutError"))
    with pytest.raises(ChatUnavailable):
        await scene.follows()
    await scene.passes()
    await scene.settles()

    assert chat.one("card").edits == 2
    assert not await scene.is_stale()


# ---------------------------------------------------------------- several at the same thread


async def test_a_thread_that_somebody_else_is_at_is_left_to_them(scene: Scene, chat: ChatDouble, redis: Redis) -> None:
    await scene.begins()
    await redis.set(thread_lock_key(MEETING.id), "another's", ex=60)

    assert await scene.follows() == Later(BUSY)
    assert chat.calls == []


async def test_many_at_once_post_everything_once(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins(invited=NAMED)
    await asyncio.gather(*(scene.follows() for _ in range(8)))
    await scene.settles()

    assert sorted(chat.slots()) == ["card", "invite:UBO", "invite:UCY"]


async def steal(redis: Redis) -> None:
    """Let another process take the thread's lock, as after a long sleep of this one."""
    await redis.set(thread_lock_key(MEETING.id), "another's", ex=60)


async def test_an_edit_during_which_the_lease_was_lost_is_made_again(
    scene: Scene, chat: ChatDouble, redis: Redis
) -> None:
    await scene.shows()
    await scene.tells(JOINED)
    chat.next("edit", before=partial(steal, redis))
    assert await scene.follows() == Later(BUSY)
    assert await scene.is_stale()
    assert await redis.get(thread_lock_key(MEETING.id)) == b"another's"

    await redis.delete(thread_lock_key(MEETING.id))
    await scene.passes()
    assert await scene.follows() is None
    assert chat.one("card").edits == 2
    assert not await scene.is_stale()


async def test_what_a_process_wrote_in_its_sleep_does_not_stay(scene: Scene, chat: ChatDouble, redis: Redis) -> None:
    """An old edit arrives after a newer one of another process, which has written down that all is well."""

    async def another_takes_over() -> None:
        await redis.delete(thread_lock_key(MEETING.id))
        await scene.passes()
        await scene.tells(e.ParticipantJoined(PeerId("p2"), SessionId("s1"), "UCY", "Cy", at(2)))
        assert await scene.follows() is None
        await scene.passes()

    await scene.shows()
    await scene.tells(JOINED)
    chat.next("edit", before=another_takes_over)
    assert await scene.follows() == Later(BUSY)
    assert chat.text("card").endswith("· <@UBO>")

    await scene.settles()
    assert chat.text("card").endswith("· <@UBO> <@UCY>")


async def test_who_lost_the_lease_before_posting_does_not_post(scene: Scene, chat: ChatDouble, redis: Redis) -> None:
    await scene.begins(invited=NAMED[:1])
    chat.next("post", after=partial(steal, redis))
    assert await scene.follows() == Later(BUSY)
    assert chat.slots() == ["card"]

    await redis.delete(thread_lock_key(MEETING.id))
    await scene.settles()
    assert chat.slots() == ["card", "invite:UBO"]


# ---------------------------------------------------------------- changes meanwhile


async def test_a_change_during_the_writing_is_never_missed(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    chat.next("post", after=partial(scene.tells, JOINED))
    await scene.settles()

    assert chat.text("card").endswith("<@UBO>")
    assert not await scene.is_stale()


async def test_a_meeting_that_changes_at_every_glance_is_followed_as_far_as_limits_allow(
    scene: Scene, chat: ChatDouble
) -> None:
    await scene.shows()
    for number in range(9):
        guest = e.ParticipantJoined(PeerId(f"g{number}"), SessionId("s1"), None, f"G{number}", at(2 + number))
        chat.next("edit", after=partial(scene.tells, guest))
    await scene.tells(JOINED)
    for _ in range(12):
        await scene.follows()
        await scene.passes()

    assert not await scene.is_stale()
    assert chat.text("card").endswith("<@UBO> G0 G1 G2 G3 G4 G5 G6 and 2 more")


async def test_a_conversation_named_by_its_person_is_written_to_directly(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins(invited=NAMED[:1])
    await scene.settles()
    post = await scene.post("invite:UBO")

    assert (post.home, post.channel) == (ChannelId("UBO"), ChannelId("DUBO"))
    await scene.passes()
    await scene.tells(e.RoomClosed(at(9)))
    await scene.settles()
    assert chat.one("invite:UBO").edits == 1
    assert chat.text("invite:UBO").endswith("is over.")

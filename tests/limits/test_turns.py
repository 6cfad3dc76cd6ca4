"""Turns are counted at Slack's end, and a thread's replies never overtake each other while they wait for theirs."""

from bot.domain import events as e
from bot.domain.ids import MeetingId, PeerId, RecordingId, SessionId
from bot.keys import card_gate_key, gate_key, posts_line
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene
from tests.support.stories import MEETING, at

EARLY, LATE = RecordingId("r0"), RecordingId("r1")
JOINED = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))


async def test_a_post_that_was_long_on_its_way_still_keeps_a_second_from_the_next(
    scene: Scene, chat: ChatDouble
) -> None:
    async def a_second_passes() -> None:
        await scene.redis.delete(gate_key(posts_line(MEETING.home)))

    await scene.begins()
    other = MEETING.model_copy(update={"id": MeetingId("realtimekit:room-2")})
    await scene.store.add(other)
    chat.next("post", before=a_second_passes)
    await scene.follows()

    later = await scene.reconciler.reconcile(other.id)
    assert later
    assert 0.9 < later.seconds <= 1
    assert chat.count("post") == 1


async def test_an_edit_that_was_long_on_its_way_still_keeps_three_seconds_from_the_next(
    scene: Scene, chat: ChatDouble
) -> None:
    async def three_seconds_pass() -> None:
        await scene.redis.delete(card_gate_key(MEETING.id))

    await scene.shows()
    await scene.tells(JOINED)
    chat.next("edit", before=three_seconds_pass)
    await scene.follows()
    await scene.tells(e.SessionEnded(SessionId("s1"), at(9)))

    later = await scene.follows()
    assert later
    assert 2.9 < later.seconds <= 3
    assert chat.count("edit") == 1


async def test_a_reply_does_not_overtake_one_that_waits_for_its_turn(scene: Scene, chat: ChatDouble) -> None:
    """The turn comes while the thread is being gone through: the next reply in order must be the one to take it."""

    async def the_turn_comes() -> None:
        await scene.redis.delete(gate_key(posts_line(MEETING.home)))

    await scene.shows(e.RecordingUpdated(LATE, "RECORDING", invoked_at=at(4), started_at=at(4), observed_at=at(4)))
    await scene.tells(
        e.RecordingUpdated(EARLY, "RECORDING", invoked_at=at(2), started_at=at(2), observed_at=at(2)),
        e.RecordingUpdated(LATE, "UPLOADED", seconds=60),
    )
    await scene.redis.set(gate_key(posts_line(MEETING.home)), "1", px=30_000)
    chat.next("edit")
    chat.next("edit", before=the_turn_comes)
    await scene.follows()
    await scene.settles()

    assert chat.slots() == ["card", "recording:r1", "recording:r0", "ready:r1"]


async def test_an_invitation_does_not_wait_for_the_channels_turn(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins(invited=("UBO",))
    await scene.redis.set(gate_key(posts_line(MEETING.home)), "1", px=30_000)

    assert await scene.follows()
    assert chat.slots() == ["invite:UBO"]

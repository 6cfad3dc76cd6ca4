"""Where Slack takes something from us for good, it is asked once, and the person who can act on it is told."""

import asyncio

import pytest
import redis as blocking_redis

from bot.domain.ids import ChannelId, MeetingId
from bot.domain.meeting import Status
from bot.keys import card_gate_key
from playground.slack_web_api import Call
from playground.workspace_values import Message
from tests.edges.place import Place, place
from tests.limits.checker import refused
from tests.support.bench import PATIENCE, Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

POST = "chat.postMessage"


def direct(world: Bench, user: str, words: str) -> list[Message]:
    """Give what this person was sent directly that has these words in it."""
    return [m for m in world.direct(user) if words in m.text + str(m.blocks)]


async def somebody_comes_and_goes(here: Place, room: str) -> None:
    """Change what the card says, twice."""
    provider = here.world.stage.provider
    await provider.enter_stranger(room, "Eve")
    await knows(here, Status.LIVE)
    with blocking_redis.Redis.from_url(here.world.redis_url) as redis:
        redis.delete(card_gate_key(MeetingId(f"realtimekit:{room}")))  # three seconds pass
    await provider.kick_all(room)
    await knows(here, Status.ENDED)


async def knows(here: Place, status: Status) -> None:
    """Wait until this channel's meeting has come this far, and its thread shows it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            saved = await here.world.bot.store.current(ChannelId(here.id))
            if saved and saved.meeting.status is status and not saved.is_stale:
                return
            await asyncio.sleep(0.02)


def calls_to(here: Place) -> list[Call]:
    """Give what was to be written here; who is a member may be asked beside it."""
    calls = here.world.stage.slack.calls
    return [call for call in calls if call.args.get("channel") == here.id and call.method.startswith("chat.")]


async def test_a_bot_that_was_removed_in_mid_meeting_goes_on_at_the_hosts_and_says_why(shared: Bench) -> None:
    here = place(shared, "private")
    await here.meeting("Secret plans", by="bo")
    room, slack = here.room, shared.stage.slack
    slack.workspace.remove(here.id, "UGREENROOM")
    before = len(calls_to(here))

    await somebody_comes_and_goes(here, room)

    await shared.until(lambda: direct(shared, "bo", "Secret plans"))
    (card,) = direct(shared, "bo", "Secret plans: ")
    assert "`channel_not_found`" in str(card.blocks)
    assert "Invite me" in str(card.blocks)
    assert len(calls_to(here)) - before == 1


async def test_an_archived_channel_is_not_one_to_invite_me_to(shared: Bench) -> None:
    here = place(shared)
    await here.meeting("Closing down", by="cy")
    room = here.room
    shared.stage.slack.workspace.archive(here.id)
    before = len(calls_to(here))

    await somebody_comes_and_goes(here, room)

    await shared.until(lambda: direct(shared, "cy", "Closing down: "))
    told = str(direct(shared, "cy", "Closing down: ")[0].blocks)
    assert f"because <#{here.id}> was archived" in told
    assert "Invite me" not in told
    assert len(calls_to(here)) - before == 1


async def test_a_deleted_card_is_not_edited_again_and_the_recording_is_told_to_the_host(shared: Bench) -> None:
    here = place(shared)
    card = await here.meeting("Rubbed out", by="di")
    room, slack = here.room, shared.stage.slack
    slack.workspace.delete(here.id, card.ts)
    await somebody_comes_and_goes(here, room)
    assert len(refused(calls_to(here), "message_not_found")) == 1

    await shared.stage.provider.enter_stranger(room, "Eve")
    await shared.says("di", here.id, "/record")

    await shared.until(lambda: direct(shared, "di", "*Recording* since"))
    assert f"because its card in <#{here.id}> was deleted" in str(direct(shared, "di", "Rubbed out: ")[0].blocks)
    assert len(refused(calls_to(here), "message_not_found")) == 1
    assert len(refused(calls_to(here), "thread_not_found")) == 1


async def test_a_deleted_reply_is_not_edited_again_and_the_thread_goes_on(here: Place) -> None:
    shown = await here.recording()
    slack = here.world.stage.slack
    slack.workspace.delete(here.id, shown.ts)

    await here.asks("ana", "/record pause")
    await here.world.until(lambda: refused(calls_to(here), "message_not_found"))
    await here.asks("ana", "/record stop")

    await here.reply("Recording ready")
    assert len(refused(calls_to(here), "message_not_found")) == 1


@pytest.mark.parametrize("code", ["restricted_action", "restricted_action_read_only_channel", "missing_scope"])
async def test_where_we_may_not_post_the_one_who_asked_hears_it_there_and_then(here: Place, code: str) -> None:
    here.world.stage.slack.faults.error(POST, code)

    answer = await here.asks("ana", f"/meet At {code}")

    assert "Its card is in your direct messages with me" in answer.text
    assert "Invite me" not in answer.text
    assert f"`{code}`" in str(direct(here.world, "ana", f"At {code}: ")[0].blocks)
    assert len(calls_to(here)) == 1


async def test_where_the_host_cannot_be_written_to_either_no_card_is_promised(here: Place) -> None:
    faults = here.world.stage.slack.faults
    faults.error(POST, "not_in_channel")
    faults.error(POST, "messages_tab_disabled")

    answer = await here.asks("cy", "/meet Nowhere")

    assert (
        "neither in this channel (`not_in_channel`) nor in your direct messages (`messages_tab_disabled`)"
        in answer.text
    )
    assert "/meet join" in answer.text
    assert faults.waiting()["calls"] == {}

"""What a person hears when something goes wrong that mends itself, and when it does not."""

import asyncio
import json

from redis.asyncio import Redis

from bot.keys import as_text
from bot.seal import Seal
from tests.support.bench import Bench, bench


async def test_a_hiccup_of_slack_at_the_card_is_not_told_as_a_failure(world: Bench) -> None:
    """The meeting is there and its card comes a moment later; "please try again" would be wrong."""
    world.stage.slack.faults.server_error("chat.postMessage")

    await world.says("ana", "general", "/meet Weekly sync")

    await world.has_card()
    await world.settles()
    assert [message.text for message in world.private("ana")] == []
    assert len(world.stage.provider.rooms.meetings) == 1


async def test_a_wish_that_one_replica_cannot_open_is_left_to_the_others(redis_url: str) -> None:
    """While a signing secret is changed, replicas with the old and the new one run side by side."""
    async with bench(redis_url) as world:
        payload = {"command": "/meet", "text": "help", "user_id": "UANA", "channel_id": "CGENERAL", "trigger_id": "1"}
        work = world.bot.services.work
        await work.write_down("other", Seal("the other secret").seal(json.dumps(payload).encode()))
        await world.until(lambda: work.is_running)
        await runs(work.docket.runs_key("wish:other"), redis_url)


async def runs(key: str, url: str) -> None:
    """Wait for the first try to be over; the wish must still be known as one that is to be carried out."""
    client = Redis.from_url(url)
    try:
        while (state := as_text(await client.hget(key, "state"))) in {"queued", "running"}:
            await asyncio.sleep(0.01)
        assert state == "scheduled"
    finally:
        await client.aclose()


async def test_a_delivery_without_a_webhook_id_is_taken(redis_url: str) -> None:
    """Only another webhook's id makes a delivery foreign; the header is not signed, so its absence proves nothing."""
    async with bench(redis_url) as world:
        registration = world.bot.services.registration
        assert await registration.registered("realtimekit")

        assert await registration.is_ours("realtimekit", None)
        assert not await registration.is_ours("realtimekit", "another")


async def test_a_command_that_nothing_answers_to_is_answered(redis_url: str) -> None:
    """A command that is named differently in Slack and in the settings says so, and does not just do nothing."""
    async with bench(redis_url, SLACK_RECORD_COMMAND="/tape") as world:
        await world.says("ana", "general", "/record")

        await world.until(lambda: world.private("ana"))
        assert "/tape" in world.private("ana")[-1].text

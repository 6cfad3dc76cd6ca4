"""Invariant 4: what is true is what the provider says, and it is found out however little the provider tells."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from playground.deliveries import DROPPED
from playground.faults import WebhookFaults
from tests.invariants.tools import chance, drop_webhooks, edits_are_free, meeting_id
from tests.support.bench import QUICK, Bench, bench, labels, plain

POLLED = {"POLL_SECONDS": "0.2"}


@pytest.fixture
async def deaf(redis_url: str) -> AsyncIterator[Bench]:
    """Give a world in which no webhook ever arrives."""
    async with bench(redis_url, **POLLED) as world:
        drop_webhooks(world.stage)
        edits_are_free(world.stage)
        yield world
        assert {each.outcome for each in world.stage.provider.deliveries.log} <= {DROPPED}


async def test_with_every_webhook_lost_the_whole_journey_comes_right(deaf: Bench) -> None:
    await the_journey(deaf, pausing=False)


@pytest.mark.soak
async def test_with_webhooks_doubled_shuffled_and_late_the_whole_journey_comes_right(redis_url: str) -> None:
    async with bench(redis_url) as world:
        world.stage.provider.faults.webhooks = WebhookFaults(
            double=True, shuffle=4, shuffle_seconds=0.6, late_seconds=0.2, random=chance()
        )
        await the_journey(world)


@pytest.mark.soak
async def test_with_half_of_the_webhooks_lost_on_dyte_too_the_whole_journey_comes_right(redis_url: str) -> None:
    async with bench(redis_url, provider="dyte", **POLLED) as world:
        world.stage.provider.faults.sparse_joins = True
        world.stage.provider.faults.webhooks = WebhookFaults(drop_chance=0.5, double=True, shuffle=3, random=chance())
        await the_journey(world)


async def the_journey(world: Bench, *, pausing: bool = True) -> None:
    """Go from ``/meet`` to the end and see every step in the thread."""
    provider = world.stage.provider
    await world.says("ana", "general", "/meet Weekly sync")
    card = await world.has_card()
    ana, bo = await world.joins("ana", card), await world.joins("bo", card)
    await world.until(lambda: "<@UANA> <@UBO>" in world.card().text)
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))
    if pausing:
        await world.presses("bo", world.reply("Recording since"), "record_pause")
        await world.until(lambda: world.reply("Paused by <@UBO>"))
        await world.presses("ana", world.reply("Paused by <@UBO>"), "record_resume")
        await world.until(lambda: world.reply("Recording since"))
    for peer in (ana, bo):
        await provider.leave(peer.id)
    await world.until(lambda: world.has_reply("Recording ready"))
    await world.until(lambda: world.card().text.startswith("Weekly sync: Ended"))
    await world.until(lambda: world.has_reply("Who was there"))
    await world.settles()
    assert "2 people" in world.card().text
    assert plain(world.replies()[0].text).startswith("Stopped")
    assert len(world.replies()) == 3


@pytest.mark.soak
async def test_a_lost_recording_is_told_although_nobody_tells_the_bot(deaf: Bench) -> None:
    provider = deaf.stage.provider
    await deaf.says("ana", "general", "/meet Weekly sync")
    await deaf.joins("ana", await deaf.has_card())
    provider.fail_next_upload()
    await deaf.says("bo", "general", "/record")
    await deaf.until(lambda: deaf.reply("Recording since"))
    await deaf.presses("ana", deaf.reply("Recording since"), "record_stop")
    await deaf.until(lambda: deaf.has_reply("Recording failed"))
    lost = next(message for message in deaf.replies() if "Recording failed" in plain(message.text))
    assert "<@UBO>" in lost.text
    assert labels(lost) == ["Try again"]
    assert not deaf.has_reply("Recording ready")


@pytest.mark.soak
async def test_what_others_do_at_the_provider_is_seen_although_nobody_tells_the_bot(deaf: Bench) -> None:
    provider = deaf.stage.provider
    await deaf.says("ana", "general", "/meet Weekly sync")
    await deaf.has_card()
    room = meeting_id(deaf).partition(":")[2]
    await provider.enter_stranger(room, "Zoe")
    await deaf.until(lambda: "Zoe" in deaf.card().text)
    meeting = provider.rooms.meetings[room]
    recording = provider.life.record(meeting, {})
    await deaf.until(lambda: deaf.reply("Recording since"))
    provider.life.recordings.pause(recording)
    await deaf.until(lambda: deaf.reply("Paused"))
    await provider.kick_all(room)
    await deaf.until(lambda: deaf.has_reply("Recording ready"))
    await deaf.until(lambda: deaf.card().text.startswith("Weekly sync: Ended"))


@pytest.mark.soak
async def test_a_wish_is_shown_as_a_wish_until_the_provider_says_more(redis_url: str) -> None:
    async with bench(redis_url, pace=replace(QUICK, start_seconds=0.8), **POLLED) as world:
        edits_are_free(world.stage)
        await world.says("ana", "general", "/meet Weekly sync")
        await world.joins("ana", await world.has_card())
        await world.says("ana", "general", "/record")
        await world.until(world.replies)
        recording = next(iter(world.stage.provider.rooms.recordings.values()))
        while recording.status == "INVOKED":
            assert plain(world.replies()[0].text).startswith("Starting the recording…")
            assert labels(world.replies()[0]) == []
            await world.stage.provider.changed()
        await world.until(lambda: world.reply("Recording since"))


@pytest.mark.soak
async def test_a_silent_provider_leaves_a_card_that_says_when_it_was_last_checked(deaf: Bench) -> None:
    provider = deaf.stage.provider
    await deaf.says("ana", "general", "/meet Weekly sync")
    ana = await deaf.joins("ana", await deaf.has_card())
    await deaf.until(lambda: "Live" in deaf.card().text)
    provider.faults.unreachable = True
    await deaf.until(lambda: "Last checked at" in str(deaf.card().blocks))
    assert "does not answer" in str(deaf.card().blocks)
    assert "Live" in deaf.card().text, "what was known is not thrown away"
    await provider.leave(ana.id)
    provider.faults.unreachable = False
    await deaf.until(lambda: deaf.card().text.startswith("Weekly sync: Ended"))
    assert "does not answer" not in str(deaf.card().blocks)

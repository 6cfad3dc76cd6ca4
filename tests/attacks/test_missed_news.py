"""News that comes without a time, too early, or not at all, and a thread that must come right all the same."""

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.domain.apply import apply
from bot.domain.events import SessionStarted
from bot.domain.ids import MeetingId, SessionId
from bot.domain.meeting import Meeting
from tests.support.bench import Bench, bench

POLL = MeetingId("realtimekit:room")


@pytest.mark.soak
async def test_a_pause_by_somebody_in_the_room_is_shown_although_its_webhook_has_no_time(redis_url: str) -> None:
    """PAUSED adds nothing that can be merged, so it must make us ask; the next poll is a minute away here."""
    async with bench(redis_url) as world:
        world.stage.provider.faults.paused_webhooks = True
        await recording_runs(world)
        [recording] = world.stage.provider.rooms.recordings
        provider = world.bot.services.providers.default

        await provider.pause_recording(recording)  # type: ignore[arg-type]

        await world.until(lambda: world.reply("Paused"))
        await world.until(lambda: "recording paused" in world.card().text)


async def recording_runs(world: Bench) -> None:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))


async def test_a_poll_that_could_not_be_written_down_is_asked_for_again(world: Bench, redis: Redis) -> None:
    """A wish that is tried again within moments must not take the first, failed attempt for done."""
    work = world.bot.services.work
    runs = work.docket.runs_key(f"poll:{POLL}")
    await redis.set(runs, "in the way")
    with pytest.raises(ResponseError):
        await work.follow(POLL)
    await redis.delete(runs)

    await work.follow(POLL)

    assert await redis.exists(runs)


@pytest.mark.soak
async def test_whoever_comes_back_to_an_old_meeting_has_it_asked_about_again(redis_url: str) -> None:
    """With every webhook lost, a known person's second visit is seen although nobody polls the meeting any more."""
    async with bench(redis_url, public=False, POLL_SECONDS="0.3") as world:
        world.stage.provider.faults.webhooks.drop_all = True
        await world.says("ana", "general", "/meet Weekly sync")
        card = await world.has_card()
        first = await world.joins("ana", card)
        await world.until(lambda: "Live" in world.card().text)
        await world.stage.provider.leave(first.id)
        await world.until(lambda: "Ended" in world.card().text)
        await nobody_polls(world)

        await world.joins("ana", card)

        await world.until(lambda: "Live" in world.card().text)


async def nobody_polls(world: Bench) -> None:
    """Bring about what is there a day later: the last poll is over, and long ago."""
    [saved] = world.stage.provider.rooms.meetings
    work = world.bot.services.work
    await work.docket.cancel(f"poll:realtimekit:{saved}")
    work._poked.clear()


async def test_a_session_that_the_provider_does_not_list_yet_is_not_over(redis_url: str) -> None:
    """A webhook overtakes the provider's own lists; an end, once told, would stay."""
    async with bench(redis_url) as world:
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        [room] = world.stage.provider.rooms.meetings
        meeting = MeetingId(f"realtimekit:{room}")
        await world.bot.store.update(meeting, started_just_now)

        await world.bot.services.work.ask_now(meeting)
        await world.until(lambda: world.stage.provider.calls_of("list_sessions"))
        await world.settles()

        saved = await world.bot.store.get(meeting)
        assert saved is not None
        assert saved.meeting.live_sessions


def started_just_now(meeting: Meeting) -> Meeting:
    return apply(meeting, SessionStarted(SessionId("new"), datetime.now(UTC)))


@pytest.mark.soak
async def test_who_was_there_is_made_good_after_an_end_that_was_told_in_time(redis_url: str) -> None:
    """Only the end's webhook arrives; who came and went between two polls must still be known in the end."""
    async with bench(redis_url, POLL_SECONDS="0.5") as world:
        await world.says("ana", "general", "/meet Weekly sync")
        link = await world.link_of("ana", await world.has_card())
        token = await world.token_from(link)
        world.stage.provider.faults.webhooks.drop_next = 3  # started, joined, left

        peer = await world.stage.provider.enter(token)
        await world.stage.provider.leave(peer.id)
        await world.until(lambda: "Ended" in world.card().text)

        await world.until(lambda: "1 person" in world.card().text)
        await world.until(lambda: world.has_reply("<@UANA>"))

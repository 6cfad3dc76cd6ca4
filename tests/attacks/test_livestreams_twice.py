"""A wish about a livestream that is carried out twice, as after a crash between its effect and its end."""

from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import LivestreamId, MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.happenings import Happenings
from bot.journal import Wish
from bot.livestreams import Livestreams
from bot.locks import Locks
from playground.livestream import Livestream
from tests.support.bench import Bench

BO, CY = UserId("UBO"), UserId("UCY")


class Air:
    """A meeting that can be shown to the public, with wishes of the test's own."""

    def __init__(self, world: Bench, redis: Redis) -> None:
        self.world, self.redis = world, redis
        services = world.bot.services
        happenings = Happenings(world.bot.store, services.work.follow)
        self.livestreams = Livestreams(
            world.bot.store, happenings, Locks(redis), services.providers, services.permissions, utcnow
        )
        [room] = world.stage.provider.rooms.meetings
        self.meeting_id = MeetingId(f"realtimekit:{room}")

    async def starts(self, wish: str) -> LivestreamId:
        """Carry out a wish to go live."""
        return (await self.livestreams.start(Wish(self.redis, wish), self.meeting_id, BO)).id

    async def stops(self, wish: str) -> LivestreamId:
        """Carry out a wish to go off the air."""
        return (await self.livestreams.stop(Wish(self.redis, wish), self.meeting_id, None, CY)).id

    def all(self) -> list[Livestream]:
        """Give what the provider has."""
        return list(self.world.stage.provider.rooms.livestreams.values())

    async def meeting(self) -> Meeting:
        """Give the meeting as it is known."""
        saved = await self.world.bot.store.get(self.meeting_id)
        assert saved is not None
        return saved.meeting


async def air(world: Bench, redis: Redis) -> Air:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    return Air(world, redis)


async def test_a_start_carried_out_again_starts_no_other(world: Bench, redis: Redis) -> None:
    here = await air(world, redis)

    first = await here.starts("start")
    assert await here.starts("start") == first

    assert [each.id for each in here.all()] == [first]
    assert [act.action for act in (await here.meeting()).livestreams[first].acts] == ["start"]


async def test_a_start_whose_answer_nobody_wrote_down_is_found_on_air(world: Bench, redis: Redis) -> None:
    here = await air(world, redis)
    await Wish(redis, "start").remember("asked", utcnow().isoformat())
    made = world.stage.provider.life.livestreams.start(
        world.stage.provider.rooms.meetings[here.meeting_id.partition(":")[2]], "Weekly-sync"
    )

    assert await here.starts("start") == made.id

    assert len(here.all()) == 1


async def test_a_start_whose_answer_nobody_wrote_down_is_found_when_it_is_over(world: Bench, redis: Redis) -> None:
    here = await air(world, redis)
    await Wish(redis, "start").remember("asked", utcnow().isoformat())
    life = world.stage.provider.life.livestreams
    made = life.start(world.stage.provider.rooms.meetings[here.meeting_id.partition(":")[2]], "Weekly-sync")
    life.stop(made)

    assert await here.starts("start") == made.id

    assert len(here.all()) == 1


async def test_a_stop_carried_out_again_stops_no_other(world: Bench, redis: Redis) -> None:
    here = await air(world, redis)
    first = await here.starts("start")
    await here.stops("stop")
    second = await here.starts("another")

    assert await here.stops("stop") == first

    assert {each.id: each.running for each in here.all()} == {first: False, second: True}


async def test_a_stop_that_was_cut_off_after_its_effect_is_told_as_what_it_was(world: Bench, redis: Redis) -> None:
    here = await air(world, redis)
    first = await here.starts("start")
    await Wish(redis, "stop").remember("stopping", first)
    await world.stage.provider.deliveries.settled()
    world.stage.provider.life.livestreams.stop(here.all()[0])

    livestream = await here.livestreams.stop(Wish(redis, "stop"), here.meeting_id, first, CY)

    assert [(act.action, act.by) for act in livestream.acts] == [("start", BO), ("stop", CY)]

"""Off the record: paused for a while, and back by itself whatever happens to the bot meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import MeetingId
from bot.keys import meeting_key
from playground.stage import Stage
from tests.edges.place import Place, place
from tests.edges.test_operating import shows
from tests.support.bench import PATIENCE, Bench, bot_on, labels
from tests.support.clock import Ahead, alarm_is_set

pytestmark = pytest.mark.asyncio(loop_scope="module")


@asynccontextmanager
async def started(scene: Stage, url: str, clock: Ahead) -> AsyncIterator[Bench]:
    async with bot_on(scene, url, clock=clock) as world:
        yield world
    scene.provider.faults.clear()


async def goes_off(here: Place, text: str = "/record off") -> None:
    await here.runs()
    assert (await here.asks("bo", text)).text.startswith("*Off the record* by <@UBO> until ")
    assert here.current_recording.status == "PAUSED"


def resumed(here: Place) -> int:
    """Count the calls that resumed the recording."""
    calls = [call for call in here.world.stage.provider.calls if here.current_recording.id in call.path.values()]
    return len([call for call in calls if call.request and call.request.get("action") == "resume"])


async def nothing_is_due(own_redis: Redis, own: MeetingId) -> None:
    """Wait until the meeting's thread shows it and nothing more is to be written there."""
    async with asyncio.timeout(PATIENCE):
        while await is_stale(own_redis, own) or any(
            [await own_redis.zscore("greenroom:queue", f"{task}:{own}") for task in ("reconcile", "reconcile-again")]
        ):
            await asyncio.sleep(0.01)


async def is_stale(own_redis: Redis, own: MeetingId) -> bool:
    version, rendered = await own_redis.hmget(meeting_key(own), ["version", "rendered"])
    return bool(version != rendered)


async def alarm_goes_off(here: Place) -> None:
    """Have the bot look at what is due in the meeting, as its alarm does."""
    await here.world.bot.services.work._alarms.tick((await here.stored()).id)


async def test_a_restart_in_the_middle_of_it_comes_back_on_time(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await goes_off(here)
        reply = await here.reply("*Off the record*")
        assert labels(reply) == ["Resume", "Stop"]

    await clock.goes_on(own_redis, minutes=9)
    async with started(scene, redis_process, clock) as world:
        here = Place(world, here.id)
        assert here.current_recording.status == "PAUSED"

    await clock.goes_on(own_redis, minutes=1)
    assert here.current_recording.status == "PAUSED"
    async with started(scene, redis_process, clock) as world:
        here = Place(world, here.id)
        await world.until(lambda: here.current_recording.status == "RECORDING")
        await here.reply("*Recording* since")
        [pause] = (await here.stored()).in_order[-1].pauses
        assert pause.until
        assert 600 <= (pause.until - pause.since).total_seconds() < 660
        assert resumed(here) == 1


@pytest.mark.soak
async def test_the_button_is_ten_minutes_and_the_time_is_kept_without_a_restart_too(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await world.presses("bo", await here.recording(), "record_off")
        await here.reply("*Off the record* by <@UBO> until")
        off = (await here.stored()).in_order[-1].off
        assert off
        assert 590 < (off.until - utcnow()).total_seconds() <= 600
        await alarm_is_set(own_redis, (await here.stored()).id, hours=5)

        await clock.goes_on(own_redis, minutes=10)

        await world.until(lambda: here.current_recording.status == "RECORDING")


async def test_who_resumes_by_hand_ends_it_and_a_later_pause_stays(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await goes_off(here, "/record off 5m")
        await here.asks("cy", "/record resume")
        await here.asks("cy", "/record pause")

        await clock.goes_on(own_redis, minutes=30)
        await alarm_goes_off(here)

        assert (here.current_recording.status, resumed(here)) == ("PAUSED", 1)


@pytest.mark.soak
async def test_an_alarm_that_got_lost_is_set_again_by_the_next_poll(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    """A replica of an older version drops tasks that it does not know."""
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await goes_off(here, "/record off 5m")
        own, work = (await here.stored()).id, world.bot.services.work
        await work.poll(own, 0)
        await here.reply("*Off the record*")
        await nothing_is_due(own_redis, own)
        await work.docket.cancel(f"clock:{own}")
        assert await own_redis.zscore("greenroom:queue", f"clock:{own}") is None

        await work.poll(own, 0)

        await alarm_is_set(own_redis, own, hours=5)
        await clock.goes_on(own_redis, minutes=5)
        await world.until(lambda: here.current_recording.status == "RECORDING")


async def test_who_pauses_while_it_is_off_the_record_has_it_stay_paused(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await goes_off(here, "/record off 5m")

        with here.no_calls():
            answer = await here.asks("cy", "/record pause")

        assert answer.text.startswith("*Paused* by <@UCY> at ")
        assert (await here.asks("cy", "/record pause")).text == "The recording is paused already."
        await clock.goes_on(own_redis, minutes=30)
        await alarm_goes_off(here)
        assert (here.current_recording.status, resumed(here)) == ("PAUSED", 0)


async def test_what_was_stopped_or_closed_meanwhile_is_not_resumed(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        stopped, closed, elsewhere = place(world), place(world), place(world)
        for here in (stopped, closed, elsewhere):
            await goes_off(here, "/record off 1h")
        await stopped.asks("ana", "/record stop")
        await closed.presses("ana", await closed.asks("ana", "/meet end"), "meeting_end")
        world.stage.provider.faults.webhooks.drop_all = True
        world.stage.provider.life.recordings.resume(elsewhere.current_recording)

        await clock.goes_on(own_redis, hours=2)
        for here in (stopped, closed, elsewhere):
            await alarm_goes_off(here)

            assert resumed(here) == 0
        assert (await elsewhere.stored()).in_order[-1].status == "RECORDING"


async def test_a_resume_that_fails_is_told_and_tried_again(scene: Stage, own_redis: Redis, redis_process: str) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await goes_off(here, "/record off 2m")
        await alarm_is_set(own_redis, (await here.stored()).id, hours=5)
        world.stage.provider.faults.fail("update_recording", status=503, times=50)
        await clock.goes_on(own_redis, minutes=2)

        told = await here.reply("The recording could not be resumed")
        assert told.text.endswith("I keep trying; you can press Resume.")
        assert labels(told) == ["Resume"]
        assert here.current_recording.status == "PAUSED"
        await shows(world.bot.url, 'greenroom_retries_total{what="tick"}')

        world.stage.provider.faults.clear()
        await clock.goes_on(own_redis, minutes=1)
        await world.until(lambda: here.current_recording.status == "RECORDING")
        assert labels(await here.reply("The recording could not be resumed in time; it goes on since")) == []


async def test_times_that_make_no_sense_are_answered_kindly(scene: Stage, redis_process: str) -> None:
    async with started(scene, redis_process, Ahead()) as world:
        here = place(world)
        await here.runs()

        for typed, said in (
            ("lunch", "I cannot read that as a length of time."),
            ("30s", "That is too short to be of use."),
            ("5h", "That is too long: a recording that is off for more than four hours is better stopped."),
        ):
            answer = await here.asks("bo", f"/record off {typed}")
            assert answer.text.startswith(said)
            assert "`/record off 10m`" in answer.text
        assert here.current_recording.status == "RECORDING"


async def test_off_the_record_of_what_is_paused_already_only_gives_it_an_end(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with started(scene, redis_process, clock) as world:
        here = place(world)
        await here.runs()
        await here.asks("ana", "/record pause")
        assert (await here.asks("bo", "/record off 15 min")).text.startswith("*Off the record* by <@UBO>")
        await alarm_is_set(own_redis, (await here.stored()).id, hours=5)

        await clock.goes_on(own_redis, minutes=15)

        await world.until(lambda: here.current_recording.status == "RECORDING")

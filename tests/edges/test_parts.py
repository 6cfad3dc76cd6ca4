"""A recording that breaks off while people are in: tried again by hand, or gone on with by itself."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
import pytest_asyncio

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import ChannelId, RoomId
from bot.domain.options import RecordingOptions
from bot.domain.ours import Mark
from bot.domain.timeline import Kind
from bot.journal import Journal
from tests.edges.place import Place, town
from tests.support.bench import Bench, labels

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.soak]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, RESTART_FAILED_RECORDINGS="on") as world:
        yield world


def breaks_off(here: Place) -> None:
    """Let the provider fail while it records, so that there is no file."""
    provider = here.world.stage.provider
    provider.faults.fail_uploads = 1
    provider.life.recordings.stop(here.current_recording, "INTERNAL_ERROR")


def starts(here: Place) -> int:
    return len([c for c in here.world.stage.provider.calls_of("start_recording") if here.room in str(c.request)])


async def test_what_broke_off_goes_on_by_itself_as_part_2(here: Place) -> None:
    await here.runs()
    first = here.current_recording

    breaks_off(here)

    await here.reply("Part 2 · *Recording* since")
    failed = await here.reply("It goes on as part 2.")
    assert failed.text.startswith("Weekly sync: Part 1 · *Recording failed* · <@UANA>, the recording ")
    assert labels(failed) == []
    second = (await here.stored()).in_order[-1]
    assert (second.part_of, second.options) == (first.id, (await here.stored()).in_order[0].options)


async def test_it_is_gone_on_with_twice_and_then_it_is_for_people_to_look(here: Place) -> None:
    await here.runs()
    for part in (2, 3):
        breaks_off(here)
        await here.reply(f"Part {part} · *Recording* since")

    breaks_off(here)

    third = await here.reply("Part 3 · *Recording failed*")
    assert labels(third) == ["Try again"]
    assert starts(here) == 3


async def test_what_somebody_stopped_is_not_gone_on_with(here: Place) -> None:
    await here.runs()
    here.world.stage.provider.faults.fail_uploads = 1
    await here.asks("bo", "/record stop")

    failed = await here.reply("*Recording failed*")

    assert labels(failed) == ["Try again"]
    await here.world.bot.services.work._alarms.tick((await here.stored()).id)
    assert starts(here) == 1


async def test_where_the_channel_does_not_want_it_people_try_again_themselves(here: Place) -> None:
    rules = here.world.bot.services.permissions._rules
    await rules.choose(ChannelId(here.id), {"restart_failed_recordings": False})
    await here.runs()
    breaks_off(here)
    failed = await here.reply("*Recording failed*")
    await here.world.bot.services.work._alarms.tick((await here.stored()).id)
    assert (await here.stored()).noticed(Kind.NOT_RESTARTED, here.current_recording.id)

    await here.world.presses("bo", failed, "record_start")

    await here.world.until(lambda: here.current_recording.status == "RECORDING")
    assert starts(here) == 2


async def test_a_next_part_that_cannot_be_started_is_told(here: Place) -> None:
    await here.runs()
    here.world.stage.provider.faults.fail("start_recording", status=422, times=50)
    breaks_off(here)
    await here.reply("*Recording failed*")

    for _ in range(5):
        await here.world.bot.services.work._alarms.tick((await here.stored()).id)

    await here.reply("The recording broke off and could not be started by itself again.")


@contextmanager
def unheard(here: Place) -> Iterator[None]:
    """Let no webhook arrive meanwhile."""
    webhooks = here.world.stage.provider.faults.webhooks
    webhooks.drop_all = True
    yield
    webhooks.drop_all = False


async def told(here: Place, *events: e.Event) -> None:
    """Have the bot know this, and see to what it makes due."""
    services, own = here.world.bot.services, (await here.stored()).id
    await here.world.bot.store.update(own, lambda meeting: reduce(apply, events, meeting))
    await services.work.follow(own)


async def test_what_somebody_stopped_elsewhere_is_not_gone_on_with_although_that_was_not_told(here: Place) -> None:
    await here.runs()
    provider, own = here.world.stage.provider, here.current_recording.id
    with unheard(here):
        provider.faults.fail_uploads = 1
        provider.life.recordings.stop(here.current_recording, "API_CALL")
        await here.world.until(lambda: here.current_recording.status == "ERRORED")

        await told(here, e.RecordingUpdated(own, "ERRORED"))  # as lists say it, and Dyte's webhooks

        await here.reply("*Recording failed*")
        await here.world.bot.services.work._alarms.tick((await here.stored()).id)
        assert starts(here) == 1
        assert (await here.stored()).recordings[own].stop_reason == "API_CALL"


async def test_what_broke_off_an_hour_ago_while_the_bot_was_away_is_for_people_to_go_on_with(here: Place) -> None:
    await here.runs()
    own, long_ago = here.current_recording.id, datetime.now(UTC) - timedelta(hours=1)
    [session] = (await here.stored()).live_sessions
    with unheard(here):
        breaks_off(here)
        await here.world.until(lambda: here.current_recording.status == "ERRORED")

        failed = e.RecordingUpdated(own, "ERRORED", stopped_at=long_ago, stop_reason="INTERNAL_ERROR")
        await told(here, e.SessionStarted(session.id, long_ago - timedelta(hours=1)), failed)

        assert labels(await here.reply("*Recording failed*")) == ["Try again"]
        await here.world.bot.services.work._alarms.tick((await here.stored()).id)
        assert starts(here) == 1
        assert (await here.stored()).noticed(Kind.NOT_RESTARTED, own)


async def test_a_next_part_is_known_for_one_although_the_process_that_started_it_died(here: Place) -> None:
    await here.runs()
    meeting, first = await here.stored(), here.current_recording.id
    with unheard(here):
        breaks_off(here)
        await here.world.until(lambda: here.current_recording.status == "ERRORED")
        wish = Journal(here.world.bot.store._redis).wish(f"part:{meeting.id}:{first}")
        await wish.remember("asked", datetime.now(UTC).isoformat())
        bears = RecordingOptions(prefix=Mark.of(wish.key).put_on(None))
        second = await here.world.bot.services.providers.default.start_recording(RoomId(here.room), bears)
        failed = e.RecordingUpdated(first, "ERRORED", stop_reason="INTERNAL_ERROR")

        await told(here, failed, e.Noticed(Kind.RESTARTING, first, datetime.now(UTC)), second)

        await here.reply("Part 2 · ")
        assert (await here.stored()).recordings[second.recording_id].part_of == first
        assert starts(here) == 2

"""What a deployment decides about recordings; each world empties Redis, so none is shared."""

import pytest

from bot.domain.options import RecordingOptions
from tests.edges.place import place, town
from tests.edges.test_record_options import PROFILES, THEM, remembered, sent


async def test_what_is_usual_here_is_done_unless_something_else_is_asked_for(redis_process: str) -> None:
    decided = {"RECORDING_STORAGE": "archive", "RECORDING_BUCKET": "off", "RECORDING_STORAGE_PROFILES": THEM}
    async with town(redis_process, provider="dyte", **decided) as world:
        here = place(world)
        await here.attended()
        await here.asks("ana", "/record")
        assert sent(here) == {
            "storage_config": PROFILES["archive"],
            "dyte_bucket_config": {"enabled": False},
        }
        there = place(world)
        await there.attended()
        with there.no_calls():
            answer = await there.asks("ana", "/record --storage none")
        assert "would be lost" in answer.text
        await there.asks("ana", "/record --storage none --bucket")
        assert sent(there) == {"dyte_bucket_config": {"enabled": True}}
        assert await remembered(there) == RecordingOptions(bucket=True)


@pytest.mark.soak
async def test_what_was_to_go_to_no_storage_goes_to_none_when_it_is_made_once_more(redis_process: str) -> None:
    decided = {"RECORDING_STORAGE": "archive", "RECORDING_STORAGE_PROFILES": THEM}
    async with town(redis_process, **decided) as world:
        here = place(world)
        await here.attended()
        await here.asks("ana", "/record --storage none")
        await here.knows("RECORDING")
        world.stage.provider.faults.fail_uploads = 1
        await here.asks("ana", "/record stop")
        failed = await here.reply("*Recording failed*")

        await world.presses("bo", failed, "record_start")

        await world.until(lambda: len(world.stage.provider.rooms.recordings_of(here.room)) == 2)
        assert sent(here) == {}
        there = place(world)
        await there.meeting("Weekly --record --storage none")
        await world.stage.provider.enter_stranger(there.room, "Eve")
        await there.reply("*Recording* since")
        await there.asks("ana", "/record stop")
        await there.reply("Recording ready")
        await there.asks("ana", "/record")
        assert sent(there) == {}


async def test_where_no_storage_is_set_up_that_is_said(redis_process: str) -> None:
    async with town(redis_process) as world:
        here = place(world)
        await here.attended()

        answer = await here.asks("ana", "/record --storage archive")

        assert answer.text.startswith("`--storage`: no storage is set up here; whoever runs Greenroom can name some")

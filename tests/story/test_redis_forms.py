"""The same story on a Cluster, and behind Sentinel with a failover in the middle."""

import pytest

from playground.stage import LOOPBACK
from tests.support.bench import Bench, bench
from tests.support.redis_forms import cluster, sentinel, until

pytestmark = [pytest.mark.soak, pytest.mark.timeout(90)]


async def meets_and_records(world: Bench) -> None:
    await world.says("ana", "general", "/meet Weekly sync @bo")
    card = await world.has_card()
    await world.joins("cy", card)
    await world.until(lambda: "Live" in world.card().text)
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))


async def stops_and_sees_the_file(world: Bench) -> None:
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.until(lambda: world.has_reply("Recording ready"), within=40)
    await world.says("bo", "general", "/record list")
    await world.until(lambda: "· ready ·" in world.private("bo")[-1].text)


async def test_the_story_on_a_cluster() -> None:
    with cluster() as url:
        async with bench(url) as world:
            await meets_and_records(world)
            await stops_and_sees_the_file(world)


async def test_the_story_goes_on_after_a_failover() -> None:
    with sentinel() as (url, watcher):
        async with bench(url, POLL_SECONDS="1") as world:
            await meets_and_records(world)
            before = watcher.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", "main")
            watcher.execute_command("SENTINEL FAILOVER", "main")
            until(lambda: watcher.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", "main") != before)
            assert before[0].decode() == LOOPBACK
            await stops_and_sees_the_file(world)

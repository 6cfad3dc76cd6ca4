"""What operators see in numbers: what is counted, what is behind, and that webhooks have stopped."""

import asyncio
import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.doctor import examine
from bot.findings import BAD, GOOD
from bot.heard import Heard
from playground.slack_faults import SlackFault
from playground.timers import Pace
from tests.support.bench import Bench, bench

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"
CALM = Pace(start_seconds=0.05, upload_seconds=0.05, empty_seconds=5, retry_seconds=0.05)


async def scrape(url: str) -> dict[str, float]:
    """Read ``/metrics`` over HTTP: each sample by its name and labels."""
    async with aiohttp.ClientSession() as client, client.get(f"{url}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await answer.text()
    samples = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


async def shows(url: str, name: str, value: float = 1) -> dict[str, float]:
    """Wait until a sample is at least so large; gives the whole page."""
    async with asyncio.timeout(8):
        while (page := await scrape(url)).get(name, 0) < value:
            await asyncio.sleep(0.02)
    return page


# ---------------------------------------------------------------- counters


async def test_one_story_is_counted_from_the_acknowledgement_to_the_thread(world: Bench) -> None:
    url = world.bot.url
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    await world.says("bo", "general", "/record pause")

    await shows(url, 'greenroom_wish_seconds_count{kind="command",outcome="done"}')
    page = await shows(url, 'greenroom_wish_seconds_count{kind="command",outcome="refused"}')

    assert page['greenroom_acknowledgement_seconds_count{kind="command",outcome="taken"}'] == 2
    assert page['greenroom_acknowledgement_seconds_count{kind="button",outcome="taken"}'] == 1
    assert page['greenroom_acknowledgement_seconds_bucket{kind="command",le="2.5",outcome="taken"}'] == 2
    assert page['greenroom_slack_calls_total{method="chat.postMessage",outcome="ok"}'] >= 1
    created = {"operation": "create_meeting", "outcome": "ok", "provider": "realtimekit"}
    assert page[f"greenroom_provider_call_seconds_count{{{_labels(created)}}}"] == 1
    assert page["greenroom_thread_lag_seconds_count"] >= 1
    page = await shows(url, 'greenroom_webhooks_total{outcome="taken",provider="realtimekit"}')
    assert page["greenroom_redis_up"] == page["greenroom_worker_up"] == 1
    assert page['greenroom_webhook_silence_seconds{provider="realtimekit"}'] == 0


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in labels.items())


async def test_what_is_not_from_slack_or_from_the_provider_is_counted_too(world: Bench) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{world.bot.url}/slack/events", data=b"command=/meet") as answer:
            assert answer.status == 401
        async with client.post(f"{world.bot.url}/webhooks/realtimekit", data=b"{}") as answer:
            assert answer.status == 401

    page = await scrape(world.bot.url)

    assert page['greenroom_acknowledgement_seconds_count{kind="unread",outcome="not_slack"}'] == 1
    assert page['greenroom_webhooks_total{outcome="bad_signature",provider="realtimekit"}'] == 1


async def test_nothing_that_people_typed_and_nothing_secret_is_on_the_page(world: Bench) -> None:
    await world.says("ana", "general", "/meet Confidential <@UBO>")
    card = await world.has_card()
    link = await world.link_of("ana", card)
    token = await world.token_from(link)
    await world.says("ana", "general", "/record nonsense")
    await shows(world.bot.url, 'greenroom_wish_seconds_count{kind="command",outcome="refused"}')

    async with aiohttp.ClientSession() as client, client.get(f"{world.bot.url}/metrics") as answer:
        text = await answer.text()

    keys = world.stage.keys
    for unwanted in (
        "Confidential",
        "nonsense",
        "UANA",
        "UBO",
        card.channel,
        token,
        link,
        *world.stage.provider.rooms.meetings,
    ):
        assert unwanted not in text
    for secret in (keys.signing_secret, keys.bot_token, keys.api_token, keys.account_id):
        assert secret not in text


async def test_the_page_stays_small_however_much_happens(world: Bench) -> None:
    """Labels are few words of our own, so that many meetings make no more series than one."""
    await world.says("ana", "general", "/meet One")
    await world.has_card()
    await world.settles()
    before = await scrape(world.bot.url)
    for number in range(5):
        await world.says("bo", "design", f"/meet status {number}")
        await world.says("bo", "design", f"/meet Meeting {number}")
    await world.has_card("design")
    await world.settles()

    after = await scrape(world.bot.url)

    assert len({name for name in after if "_bucket" not in name}) - len(before) < 40
    assert len(after) < 1000


async def test_threads_that_are_behind_are_seen_while_slack_is_away(world: Bench) -> None:
    """The lag of a thread that is never brought up to date is in no histogram, so it is looked up."""
    world.stage.slack.faults.add("chat.postMessage", SlackFault("status", status=503), 1000)
    await world.says("ana", "general", "/meet Weekly sync")

    page = await shows(world.bot.url, "greenroom_threads_behind_seconds", 0.3)

    assert page["greenroom_threads_behind"] == 1
    assert page['greenroom_tasks{state="later"}'] >= 1
    assert (await shows(world.bot.url, 'greenroom_retries_total{what="reconcile"}'))[
        "greenroom_thread_lag_seconds_count"
    ] == 0
    world.stage.slack.faults.clear()
    await world.has_card()
    await world.settles()
    assert (await shows(world.bot.url, "greenroom_thread_lag_seconds_sum", 0.3))["greenroom_threads_behind"] == 0


async def test_a_call_that_is_repeated_is_counted_as_a_retry(world: Bench) -> None:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.has_card()
    world.stage.provider.faults.fail("get_active_recording", status=500)
    await world.says("ana", "general", "/record")

    page = await shows(world.bot.url, 'greenroom_retries_total{what="provider_call"}')

    failed = {"operation": "active_recording", "outcome": "unavailable", "provider": "realtimekit"}
    assert page[f"greenroom_provider_call_seconds_count{{{_labels(failed)}}}"] == 1


async def test_without_redis_the_page_says_so_and_shows_nothing_that_was_true_before(world: Bench) -> None:
    assert (await scrape(world.bot.url))["greenroom_redis_up"] == 1
    services = world.bot.services
    await services.work.docket.__aexit__(None, None, None)
    try:
        page = await scrape(world.bot.url)
    finally:
        await services.work.docket.__aenter__()

    assert page["greenroom_redis_up"] == 0
    assert not [name for name in page if name.startswith("greenroom_tasks")]
    assert math.isnan(page["greenroom_threads_behind"])


async def test_every_metric_is_explained_and_nothing_else(world: Bench) -> None:
    explained = set(re.findall(r"greenroom_[a-z_]+", OPERATING.read_text()))
    families = {family.name: family.type for family in world.bot.services.metrics.registry.collect()}
    ours = {name + ("_total" if kind == "counter" else "") for name, kind in families.items() if "greenroom_" in name}

    assert {re.sub(r"_(count|bucket)$", "", name) for name in explained} == ours


# ---------------------------------------------------------------- webhooks that have stopped


async def test_a_poll_that_finds_what_no_webhook_told_starts_the_silence_and_the_next_webhook_ends_it(
    redis_url: str,
) -> None:
    async with bench(redis_url, pace=CALM, POLL_SECONDS="0.3") as world:
        url, silence = world.bot.url, 'greenroom_webhook_silence_seconds{provider="realtimekit"}'
        await world.says("ana", "general", "/meet Weekly sync")
        token = await world.token_from(await world.link_of("ana", await world.has_card()))
        world.stage.provider.faults.webhooks.drop_all = True
        await world.stage.provider.enter(token)

        page = await shows(url, silence, 0.05)

        assert page['greenroom_poll_corrections_total{provider="realtimekit"}'] >= 1
        assert page['greenroom_poll_correction_timestamp_seconds{provider="realtimekit"}'] > 1_700_000_000
        world.stage.provider.faults.webhooks.drop_all = False
        await world.joins("bo", world.card())
        page = await shows(url, 'greenroom_webhook_accepted_timestamp_seconds{provider="realtimekit"}')
        assert page[silence] == 0


async def test_polls_that_only_see_what_webhooks_told_correct_nothing(redis_url: str) -> None:
    async with bench(redis_url, pace=CALM, POLL_SECONDS="0.3") as world:
        await world.says("ana", "general", "/meet Weekly sync")
        await world.joins("ana", await world.has_card())
        await world.until(lambda: "Live" in world.card().text)
        before = len(world.stage.provider.calls_of("list_sessions"))
        await world.until(lambda: len(world.stage.provider.calls_of("list_sessions")) > before + 1)

        page = await scrape(world.bot.url)

        assert 'greenroom_poll_corrections_total{provider="realtimekit"}' not in page
        assert page['greenroom_webhook_silence_seconds{provider="realtimekit"}'] == 0


# ---------------------------------------------------------------- doctor


async def test_the_doctor_says_when_webhooks_have_stopped(redis_url: str) -> None:
    async with bench(redis_url) as world:
        settings = world.stage.settings(REDIS_URL=redis_url, PUBLIC_URL=world.bot.url)

        async def verdict() -> tuple[str, str]:
            found = next(f for f in await examine(settings) if f.what == "RealtimeKit news")
            return found.verdict, found.details

        assert (await verdict())[1].startswith("no webhook has come yet")
        heard = world.bot.services.heard
        heard.accepted("realtimekit")
        await heard.close()
        assert (await verdict())[0] == GOOD
        await _missed_an_hour_ago(heard)
        assert (await verdict())[0] == BAD
        assert "60 minutes" in (await verdict())[1]


async def _missed_an_hour_ago(heard: Heard) -> None:
    earlier = Heard(heard._redis, lambda: datetime.now(UTC) - timedelta(hours=1))
    earlier.missed("realtimekit")
    await earlier.close()

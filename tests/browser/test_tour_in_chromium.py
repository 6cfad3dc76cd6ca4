"""What a team sees at each state of a meeting and its recordings, in a real browser, in the words that it stands in.

With ``GREENROOM_PICTURES`` set to a folder, the pictures of ``docs/what-the-team-sees.md`` are taken on the way.
"""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from redis.asyncio import Redis

from playground.run import STORAGE
from playground.stage import SEES_MEMBERS, stage
from playground.visitors import let_in
from tests.browser.tour import Tour, a_tour, someone, window
from tests.edges.page_visit import installed
from tests.support.bench import QUICK, Bench, bot_on
from tests.support.clock import Ahead

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def clock() -> Ahead:
    return Ahead()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def redis(redis_process: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_process, decode_responses=True)
    await client.flushall()
    yield client
    await client.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    redis: Redis, redis_process: str, clock: Ahead, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bench]:
    """Give a bot as a team has it, with its own meeting page and one click to join."""
    del redis
    page = {"JOIN_URL_TEMPLATE": None, "SDK_DIR": str(installed(tmp_path_factory.mktemp("sdk")))}
    async with stage(pace=QUICK, now=clock) as scene:
        let_in(scene.slack.workspace)
        scene.slack.workspace.have_portraits_at(scene.url)
        scene.slack.scopes.update(SEES_MEMBERS)
        how = {"one_click": True, "clock": clock, "RECORDING_STORAGE_PROFILES": STORAGE}
        async with bot_on(scene, redis_process, **how, **page) as running:
            yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await window(chromium)
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def tour(world: Bench, chromium: Browser, clock: Ahead, redis: Redis, page: Page) -> Tour:
    return await a_tour(world, chromium, clock, redis, page)


# ------------------------------------------------------------ the meeting


async def test_a_card_from_nobody_here_to_who_was_there(tour: Tour) -> None:
    await tour.here.meeting("Weekly sync @bo @di")
    await tour.sees("nobody-here", tour.card, "Started by @Ana Lima · nobody here yet", "Join", "Start recording")

    async with someone(tour, "di") as di:
        invitation = di.page.get_by_test_id("message").last
        await di.sees("invitation", invitation, "@Ana Lima invites you to Weekly sync in #", "Join", "Can't now")
        await di.presses(invitation, "cannot_come")
        await expect(invitation).to_contain_text("You said that you cannot come now.", timeout=10_000)

    peers = [await tour.comes_in(user) for user in ("ana", "bo", "cy")]
    await tour.sees("live", tour.card, "Live since", "@Bo Berg", "Cannot come now: @Di Duarte")

    await tour.types("/meet live")
    await tour.presses(tour.told, "live_start", sure=True)
    await tour.sees("live-to-the-public", tour.card, "live to the public")
    await tour.opens_thread()
    await tour.sees("livestream", tour.reply("Live to the public"), "Watch: http", "Stop the livestream")
    await tour.closes_thread()

    await tour.types("/meet guest Jane Doe")
    await tour.sees("guest-pass", tour.told, "A pass for Jane Doe to Weekly sync", "I do not show this link again.")

    await tour.clock.goes_on(tour.redis, minutes=42)
    for peer in peers:
        await tour.here.world.stage.provider.leave(peer.id)
    await tour.sees("ended", tour.card, "Ended · 42 min · 3 people")
    await tour.opens_thread()
    await tour.sees("who-was-there", tour.reply("Who was there"), "@Ana Lima")


# ------------------------------------------------------------ its recordings


async def test_a_recording_from_the_wish_to_the_file_and_out_of_sight(tour: Tour) -> None:
    with tour.pace(start_seconds=3600):
        await tour.here.meeting("Weekly sync")
        for user in ("ana", "bo", "cy"):
            await tour.comes_in(user)
        await tour.here.asks("ana", "/record")
        await expect(tour.page.get_by_test_id("thread-link").first).to_be_visible(timeout=10_000)
        await tour.opens_thread()
        await tour.sees("starting", tour.reply("Starting the recording…"), "(asked by @Ana Lima)")
    tour.here.world.stage.provider.life.recordings._running(tour.here.current_recording)

    recording = tour.reply("Recording since")
    await tour.sees("recording", recording, "Pause", "Off the record 10 min", "Mark moment", "Stop")
    await tour.closes_thread()
    await tour.sees("card-recording", tour.card, "@Cy Chen · recording")
    await tour.opens_thread()
    await tour.clock.goes_on(tour.redis, minutes=12, seconds=31)
    await tour.here.asks("bo", "/record mark decided on v2")
    await tour.presses(recording, "record_pause")
    await tour.sees("paused", tour.reply("Paused by @Ana Lima"), "Resume", "Stop")
    await tour.presses(tour.reply("Paused by"), "record_resume")
    await expect(recording).to_be_visible(timeout=10_000)
    await tour.presses(recording, "record_off")
    await tour.sees("off-the-record", tour.reply("Off the record by @Ana Lima until"), "resumes by itself")
    await tour.presses(tour.reply("Off the record by"), "record_resume")
    await expect(recording).to_be_visible(timeout=10_000)
    await tour.clock.goes_on(tour.redis, minutes=9, seconds=4)
    await tour.presses(recording, "record_mark")
    await tour.clock.goes_on(tour.redis, minutes=20)

    with tour.pace(upload_seconds=3600):
        await tour.presses(recording, "record_stop")
        await tour.sees("stop-asks-first", tour.page.get_by_test_id("confirm-dialog"), "Stop recording?")
        await tour.page.get_by_test_id("confirm-yes").click()
        await tour.sees("uploading", tour.reply("Stopped by @Ana Lima"), "after 41 min", "uploading…")
    tour.here.world.stage.provider.life.recordings._uploaded(tour.here.current_recording)
    ready = tour.reply("Recording ready")
    await tour.sees("ready", ready, "41 min", "kept until", "00:12:3", "decided on v2 · @Bo Berg", "Watch")
    await tour.closes_thread()
    await watched_and_listed(tour)


async def watched_and_listed(tour: Tour) -> None:
    """Watch it from the list, and hide it."""
    await tour.types("/record list")
    await tour.sees("list", tour.told, "Recordings of this channel", "Weekly sync", "Hide from the channel")
    shown = tour.page.get_by_test_id("private-message").filter(has_text="Recordings of this channel")
    await tour.presses(shown, "record_watch")
    await tour.sees("watch", tour.told, "for you alone")
    await tour.presses(shown, "record_hide", sure=True)
    await expect(shown).to_contain_text("hidden from the channel by @Ana Lima", timeout=10_000)
    await tour.opens_thread()
    await tour.sees("hidden", tour.reply("Recording hidden by @Ana Lima"))


async def test_a_recording_that_fails_is_tried_again_or_goes_on_as_part_2(tour: Tour) -> None:
    provider = tour.here.world.stage.provider
    await tour.is_recorded("bo", minutes=14)
    await tour.opens_thread()
    provider.faults.fail_uploads = 1
    provider.life.recordings.stop(tour.here.current_recording, "INTERNAL_ERROR")
    failed = tour.reply("Recording failed")
    await tour.sees("failed", failed, "broke off after 14 min, and there is no file of it.", "Try again")

    await tour.presses(failed, "record_start")
    await expect(tour.reply("Recording since")).to_be_visible(timeout=10_000)
    await tour.here.knows("RECORDING")
    await tour.closes_thread()
    await tour.types("/meet settings")
    form = tour.page.get_by_test_id("form")
    await tour.sees("settings", form, "Who may", "Begin again by itself when a recording fails")
    await form.get_by_role("group", name="Recordings").get_by_role("checkbox").check()
    await tour.page.get_by_test_id("form-submit").click()
    await expect(form).not_to_be_visible()
    await tour.opens_thread()
    provider.life.recordings.stop(tour.here.current_recording, "INTERNAL_ERROR")
    await tour.sees("part-2", tour.reply("Part 2 · Recording since"), "Pause", "Stop")


async def test_a_recording_is_asked_for_with_options(tour: Tour) -> None:
    await tour.here.meeting("Weekly sync")
    await tour.comes_in("ana")
    await tour.types("/record options")
    form = tour.page.get_by_test_id("form")
    await expect(form).to_be_visible()
    await form.get_by_label("Video size").fill("huge")
    await tour.page.get_by_test_id("form-submit").click()
    await expect(tour.page.get_by_test_id("mistake-size")).not_to_be_empty()
    await tour.sees("options", form, "Video size", "Sound")
    await tour.page.get_by_test_id("form-cancel").click()


# ------------------------------------------------------------ what time brings


async def test_what_is_told_in_time(tour: Tour) -> None:
    await tour.is_recorded("bo", options="--max 90m")
    await tour.passes(minutes=80, seconds=1)
    await tour.opens_thread()
    await tour.sees(
        "near-limit", tour.reply("the recording stops by itself at"), "10 min left", "at its limit of 90 min."
    )

    with tour.pace(empty_seconds=3600):
        for peer in tour.here.world.stage.provider.rooms.people(tour.here.room):
            await tour.here.world.stage.provider.leave(peer.id)
        await tour.here.world.until(lambda: not tour.here.world.stage.provider.rooms.people(tour.here.room))
        await tour.passes(seconds=16)
        await tour.sees("empty-room", tour.reply("Everyone left at"), "stops by itself in about a minute.")
        await tour.here.asks("ana", "/record stop")

    await expect(tour.reply("Recording ready")).to_contain_text("kept until", timeout=10_000)
    await tour.passes(days=5, minutes=1)
    await tour.sees(
        "two-days-before", tour.reply("is deleted by the video service on"), "Save it before then.", "Watch"
    )
    await tour.passes(days=2)
    await tour.sees("deleted", tour.reply(" · deleted by the video service on "), "Recording · ")
    assert not re.search("Watch", await tour.reply(" · deleted by the video service on ").inner_text())

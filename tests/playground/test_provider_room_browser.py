"""The room page in a real browser."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.playground.provider_support import SLOW, Side, serving, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]


@pytest.fixture
async def side() -> AsyncIterator[Side]:
    async with serving("realtimekit", pace=replace(SLOW, start_seconds=0)) as side:
        yield side


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """Open a page whose every complaint fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 900, "height": 600})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        yield page
        await browser.close()
    assert complaints == []


async def test_a_person_joins_is_recorded_and_leaves(side: Side, page: Page) -> None:
    meeting = await side.meeting(title="Weekly <sync>")
    token = (await side.place(meeting))["token"]
    await page.goto(side.simulator.room_url_template.format(token=token))

    await expect(page.get_by_role("heading")).to_have_text("Weekly <sync>")
    await expect(page.get_by_text("Ana Lima (you)")).to_be_visible()
    await expect(page.locator(".initials")).to_have_text(["AL"])
    await side.simulator.enter_stranger(meeting, "Eve Adams")
    await expect(page.get_by_text("2 people")).to_be_visible()
    await expect(page.locator("#recording")).to_be_hidden()
    await side.record(meeting)
    await expect(page.locator("#recording")).to_have_text("Recording")
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("alert")).to_contain_text("You left the meeting.")
    assert [peer.name for peer in side.simulator.people(meeting)] == ["Eve Adams"]
    await page.get_by_role("button", name="Join again").click()
    await expect(page.get_by_text("Ana Lima (you)")).to_be_visible()


async def test_closing_the_tab_leaves(side: Side, page: Page) -> None:
    meeting = await side.meeting()
    await page.goto(side.simulator.room_url_template.format(token=(await side.place(meeting))["token"]))
    await expect(page.get_by_text("Ana Lima (you)")).to_be_visible()
    await page.close()

    await until(lambda: side.simulator.people(meeting) == [])


async def test_a_page_without_a_token_says_what_is_missing(side: Side, page: Page) -> None:
    await page.goto(f"{side.simulator.base_url}/room/")

    await expect(page.get_by_role("alert")).to_contain_text("This page needs a join link.")
    await expect(page.get_by_role("button", name="Join again")).to_be_hidden()

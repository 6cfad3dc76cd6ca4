"""What the tests of the page in a real browser share."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.playground.web_bench import Bench

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass
class Windows:
    """Browser windows on the playground; a fault of the page's own fails the test."""

    browser: Browser
    bench: Bench
    faults: list[str]

    async def open(self, who: str = "ana", channel: str = "CGENERAL", **look: Any) -> Page:
        page = await (await self.browser.new_context(**look)).new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        await page.goto(f"{self.bench.url}/#as={who}&channel={channel}")
        await page.locator("body.ready").wait_for()
        return page


@pytest.fixture(name="windows")
async def windows_fixture(bench: Bench) -> AsyncIterator[Windows]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, *QUIET])
        stack.push_async_callback(browser.close)
        opened = Windows(browser, bench, [])
        yield opened
        assert opened.faults == []

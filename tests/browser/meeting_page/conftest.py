"""The services' real programs, a stand-in for their hosts, and a Chromium that finds nobody else in the world.

``greenroom sdk install`` fetches the programs first, as whoever runs the bot does.
"""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.sdk import SDKS
from playground.rooms import ProviderName
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.meeting_page.service import Service, answering, certificate, resolver_rules
from tests.browser.meeting_page.visitor import Visitor
from tests.edges.place import Place, place, town
from tests.support.bench import Bench, button

PROVIDERS: tuple[ProviderName, ...] = ("realtimekit", "dyte")
MEETING = (
    "--ignore-certificate-errors",
    "--use-fake-device-for-media-stream",
    "--deny-permission-prompts",
)


@pytest.fixture(scope="session")
def sdk_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("npm") is None:
        pytest.skip("npm is not on this machine, and `greenroom sdk install` needs it")
    directory = tmp_path_factory.mktemp("sdk")
    command = [sys.executable, "-m", "bot", "sdk", "install", "--into", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    return directory


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def nobody() -> Service:
    """Give the stand-in while it does not answer: tests open it when they want to be answered."""
    return Service()


@pytest_asyncio.fixture(loop_scope="module")
async def service(nobody: Service, secured: Path) -> AsyncIterator[Service]:
    nobody.heard.clear()
    async with answering(nobody, secured):
        yield nobody


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(nobody: Service) -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("no Chromium on this machine: install it (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        rules = f"--host-resolver-rules={resolver_rules(nobody)}"
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *MEETING, rules])
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=PROVIDERS)
async def bot(request: pytest.FixtureRequest, redis_process: str, sdk_dir: Path) -> AsyncIterator[Bench]:
    async with town(redis_process, provider=request.param, JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as world:
        yield world


@pytest.fixture
def provider(bot: Bench) -> ProviderName:
    return next(iter(bot.bot.services.providers)).name


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(bot: Bench, browser: Browser, provider: str) -> AsyncIterator[Visitor]:
    here: Place = place(bot)
    await here.meeting("Weekly sync")
    link = str(button(await here.asks("bo", "/meet join"), "open_link")["url"])
    context = await browser.new_context(viewport={"width": 390, "height": 780}, is_mobile=True)
    await context.grant_permissions(["camera", "microphone"])
    visitor = Visitor(await context.new_page(), link, SDKS[provider].element)
    await visitor.watch()
    yield visitor
    await context.close()

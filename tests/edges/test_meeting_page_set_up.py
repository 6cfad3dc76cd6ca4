"""What the bot's own meeting page is for the other service, and where its program was not installed."""

from pathlib import Path

import aiohttp

from tests.edges.page_visit import Browser, installed, link, minted
from tests.edges.place import place, town


async def test_the_page_of_a_dyte_meeting_has_dytes_program_and_hosts(redis_process: str, tmp_path: Path) -> None:
    sdk_dir = installed(tmp_path)
    async with town(redis_process, provider="dyte", JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as world:
        here = place(world)
        await here.meeting()
        async with aiohttp.ClientSession() as session:
            _, text, headers = await Browser(session, world.bot.url).looks(await link(here))

    assert "/sdk/dyte/3.1.11/core.js" in text
    assert "https://api.dyte.io" in headers["Content-Security-Policy"]
    assert "cloudflare" not in text + headers["Content-Security-Policy"]


async def test_where_nothing_is_installed_the_page_says_who_has_to_do_what(redis_process: str, tmp_path: Path) -> None:
    async with town(redis_process, JOIN_URL_TEMPLATE=None, SDK_DIR=str(tmp_path)) as world:
        here = place(world)
        await here.meeting()
        async with aiohttp.ClientSession() as session:
            browser, url = Browser(session, world.bot.url), await link(here)
            status, text, headers = await browser.looks(url)

            assert status == 501
            assert "Whoever runs Greenroom has to install" in text
            assert "“greenroom sdk install”" in text
            assert "JOIN_URL_TEMPLATE" in text
            assert headers["Cache-Control"] == "no-store"
        assert minted(here) == 0

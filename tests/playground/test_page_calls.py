"""Slack's own call card on the page, in a real browser: it follows the call without anybody posting anew."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from playground.workspace_values import Call, Caller
from tests.playground.browser_bench import Windows, windows_fixture  # noqa: F401 - a fixture
from tests.playground.web_bench import bench_fixture  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


async def test_a_call_card_shows_who_is_in_and_offers_join_until_it_ends(windows: Windows) -> None:
    workspace = windows.bench.slack.workspace
    call = workspace.keep_call(Call("R1", "m1", "Weekly sync", "https://example.com/j/m1", "UANA", 1))
    workspace.post("CGENERAL", workspace.bot.id, "Weekly sync", blocks=[{"type": "call", "call_id": "R1"}])
    page = await windows.open()
    card = page.get_by_role("group", name="Call: Weekly sync")

    await expect(card).to_contain_text("Nobody is in the call yet")
    await expect(card.get_by_role("link", name="Join")).to_be_visible()
    workspace.keep_call(replace(call, inside=(Caller("UBO", "Bo Berg"), Caller("external:1", "Eve"))))
    await expect(card).to_contain_text("In the call: Bo Berg, Eve")
    workspace.keep_call(replace(call, ended=True, duration=1860))

    await expect(card).to_contain_text("Ended, lasted 31 min")
    await expect(card.get_by_role("link", name="Join")).to_have_count(0)

"""People in front of the playground, each at a browser of their own."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PICTURES = os.environ.get("GREENROOM_PICTURES")
"""A folder for the README's pictures, when they are to be taken."""


class Somebody:
    """One person at their own browser."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        handle: str,
        channel: str = "GENERAL",
        context: BrowserContext | None = None,
    ) -> None:
        self.context = context or browser.new_context(viewport={"width": 1380, "height": 860})
        self.page: Page = self.context.new_page()
        self.page.goto(f"{address}/#as={handle}&channel=C{channel}")
        expect(self.page.locator("body.ready")).to_be_attached()

    def types(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    @property
    def messages(self) -> Locator:
        return self.page.get_by_test_id("message")

    @property
    def card(self) -> Locator:
        return self.messages.filter(has=self.page.locator("[data-action-id=more]"))

    @property
    def replies(self) -> Locator:
        return self.page.get_by_test_id("thread-message")

    def opens(self, channel: str) -> None:
        self.page.get_by_test_id(f"channel-{channel}").click()

    def opens_thread(self) -> None:
        self.page.get_by_test_id("thread-link").first.click()
        expect(self.page.get_by_test_id("thread")).to_be_visible()

    def presses(self, where: Locator, action: str) -> None:
        where.locator(f"[data-action-id={action}]").first.click()

    def joins(self, where: Locator) -> Page:
        """Press Join, and be in the room: signed in with Slack on the way, with no further click."""
        with self.context.expect_page() as opened:
            self.presses(where, "join_door")
        room = opened.value
        room.wait_for_url(re.compile(r"/room/"))
        expect(room.get_by_text("(you)")).to_be_visible()
        return room

    def picture(self, name: str) -> None:
        """Take a picture for the README, when it is asked for."""
        if PICTURES:
            self.page.bring_to_front()
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))

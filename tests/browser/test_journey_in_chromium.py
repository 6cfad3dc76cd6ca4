"""``greenroom playground`` in a real browser: three people go from ``/meet`` to the end of the meeting.

With ``GREENROOM_PICTURES`` set to a folder, the pictures of the README are taken on the way.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from playground.stage import free_port

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = os.environ.get("GREENROOM_PICTURES")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def playground() -> Iterator[str]:
    """Run the command that the README names, and give the page's address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bot", "playground", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(address in line for line in process.stdout)
        yield address
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(timeout=20) == 0


@pytest.fixture
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("no Chromium on this machine: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Somebody:
    """One person at their own browser."""

    def __init__(self, browser: Browser, address: str, handle: str) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1380, "height": 860})
        self.page: Page = self.context.new_page()
        self.page.goto(f"{address}/#as={handle}&channel=CGENERAL")
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


def participant_in(room: Page) -> str:
    """Read whose place a room page was opened for."""
    token = parse_qs(urlsplit(room.url).query)["authToken"][0]
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["participantId"])


def test_three_people_play_the_journey(playground: str, browser: Browser) -> None:
    ana, bo, cy = (Somebody(browser, playground, handle) for handle in ("ana", "bo", "cy"))
    ana.types("/meet Weekly sync @bo")
    card = ana.card
    expect(card).to_contain_text("nobody here yet")

    bo.opens("greenroom")
    expect(bo.messages.last).to_contain_text("invites you to Weekly sync")
    rooms = [bo.joins(bo.messages.last), cy.joins(cy.card)]
    assert participant_in(rooms[0]) != participant_in(rooms[1])
    once_more = cy.joins(cy.card)
    assert participant_in(once_more) == participant_in(rooms[1])
    assert once_more.url != rooms[1].url
    once_more.close()
    rooms.append(ana.joins(card))
    expect(card).to_contain_text("Live since")
    for name in ("Ana Lima", "Bo Berg", "Cy Chen"):
        expect(card).to_contain_text(name)
    ana.picture("live")

    records(ana, bo, cy)
    for room in rooms:
        room.close()
    expect(card).to_contain_text(re.compile(r"Ended · \d+ (s|min) · 3 people"), timeout=20_000)
    expect(ana.replies.last).to_contain_text("Who was there")
    ana.picture("ended")


def records(ana: Somebody, bo: Somebody, cy: Somebody) -> None:
    ana.types("/record")
    ana.opens_thread()
    bo.opens("general")
    bo.opens_thread()
    recording = ana.replies.nth(1)
    expect(recording).to_contain_text("Recording since", timeout=10_000)
    bo.presses(bo.replies.nth(1), "record_pause")
    expect(recording).to_contain_text("Paused by @Bo Berg")
    ana.picture("paused")
    ana.presses(recording, "record_resume")
    expect(recording).to_contain_text("Recording since")

    ana.presses(recording, "record_stop")
    ana.picture("confirm")
    ana.page.get_by_test_id("confirm-no").click()
    expect(recording).to_contain_text("Recording since")
    ana.presses(recording, "record_stop")
    ana.page.get_by_test_id("confirm-yes").click()
    expect(recording).to_contain_text("Stopped by @Ana Lima")

    ready = ana.replies.filter(has_text="Recording ready")
    expect(ready).to_be_visible(timeout=15_000)
    expect(cy.messages.filter(has_text="Recording ready")).to_be_visible()
    ana.picture("ready")
    watches(cy)


def watches(cy: Somebody) -> None:
    """Press Watch, and be on a fresh link to the file: signed in with Slack already, with no further click."""
    with cy.context.expect_page() as opened:
        cy.presses(cy.messages.filter(has_text="Recording ready"), "record_door")
    opened.value.wait_for_url(re.compile(r"/files/.*signature="), wait_until="commit")
    file = cy.context.request.get(opened.value.url)
    assert file.status == 200
    assert file.headers["content-type"] == "video/mp4"
    opened.value.close()

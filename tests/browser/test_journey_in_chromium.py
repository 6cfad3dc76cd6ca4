"""``greenroom playground`` in a real browser: three people go from ``/meet`` to the end of the meeting.

With ``GREENROOM_PICTURES`` set to a folder, the pictures of the README are taken on the way.
"""

import base64
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


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


def test_two_people_who_share_a_browser_come_in_as_themselves(playground: str, browser: Browser) -> None:
    """In the playground one window is Ana and the next is Bo; cookies alone would make them one for the app."""
    ana = Somebody(browser, playground, "ana", "DESIGN")
    bo = Somebody(browser, playground, "bo", "DESIGN", ana.context)
    ana.types("/meet Weekly sync")
    rooms = [somebody.joins(somebody.card) for somebody in (ana, bo, ana)]

    people = [participant_in(room) for room in rooms]
    assert people[0] == people[2] != people[1]
    for name in ("Ana Lima", "Bo Berg"):
        expect(ana.card).to_contain_text(name)


def records(ana: Somebody, bo: Somebody, cy: Somebody) -> None:
    ana.types("/record")
    ana.opens_thread()
    bo.opens("general")
    bo.opens_thread()
    recording = ana.replies.nth(1)
    expect(recording).to_contain_text("Recording since", timeout=10_000)
    bo.presses(bo.replies.nth(1), "record_pause")
    expect(recording).to_contain_text("Paused by @Bo Berg")
    expect(ana.card).to_contain_text("recording paused")
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

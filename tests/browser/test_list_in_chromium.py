"""The list of a channel's recordings in a real browser: watched, run out, hidden and shown again; and single voices."""

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def told(somebody: Somebody) -> Locator:
    """Give what this person was told privately last."""
    return somebody.page.get_by_test_id("private-message").last


def lists(somebody: Somebody) -> Locator:
    """Ask for the list, and give it."""
    before = somebody.page.get_by_test_id("private-message").count()
    somebody.types("/record list")
    expect(somebody.page.get_by_test_id("private-message")).to_have_count(before + 1)
    return told(somebody)


def test_the_list_hands_out_links_until_they_have_run_out_and_hides_what_is_to_be_hidden(
    playground: str, browser: Browser
) -> None:
    ana, bo = (Somebody(browser, playground, handle) for handle in ("ana", "bo"))
    ana.types("/meet Weekly sync")
    room = ana.joins(ana.card)
    ana.types("/record")
    expect(ana.card).to_contain_text("recording", timeout=10_000)
    ana.opens_thread()
    expect(ana.replies.filter(has_text="Recording since")).to_be_visible(timeout=10_000)
    ana.types("/record stop")
    expect(ana.replies.filter(has_text="Recording ready")).to_be_visible(timeout=15_000)

    shown = lists(bo)
    expect(shown).to_contain_text("Weekly sync")
    expect(shown).to_contain_text("kept until")
    bo.presses(shown, "record_watch")
    expect(told(bo)).to_contain_text("for you alone")

    links_run_out(ana, bo)
    is_hidden_and_shown(ana, bo)
    room.close()


def links_run_out(ana: Somebody, bo: Somebody) -> None:
    ana.page.get_by_test_id("fault-links").check()
    bo.presses(lists(bo), "record_watch")
    expect(told(bo)).to_contain_text("The video service has deleted this recording: it keeps files for seven days.")
    ana.page.get_by_test_id("fault-links").uncheck()


def is_hidden_and_shown(ana: Somebody, bo: Somebody) -> None:
    lists(ana)
    own = ana.page.get_by_test_id("private-message").filter(has_text="Recordings of this channel")
    ana.presses(own, "record_watchers")
    expect(told(ana)).to_contain_text("Who watched Weekly sync")
    expect(told(ana)).to_contain_text("@Bo Berg")
    ana.presses(own, "record_hide")
    ana.page.get_by_test_id("confirm-yes").click()
    expect(own).to_contain_text("hidden from the channel by @Ana Lima")
    expect(ana.replies.filter(has_text="Recording hidden by @Ana Lima")).to_be_visible(timeout=10_000)
    expect(lists(bo)).to_contain_text("No recordings in this channel yet")
    ana.presses(own, "record_show")
    expect(lists(bo)).to_contain_text("Weekly sync")


def test_each_persons_own_sound_is_recorded_and_handed_out(playground: str, browser: Browser) -> None:
    ana = Somebody(browser, playground, "ana", "DESIGN")
    ana.types("/meet Interview")
    room = ana.joins(ana.card)
    ana.types("/record tracks")
    expect(told(ana)).to_contain_text("Starting to record each person's own sound")
    ana.opens_thread()
    running = ana.replies.filter(has_text=re.compile("Recording each person's own sound since"))
    expect(running).to_be_visible(timeout=10_000)
    ana.presses(running, "record_stop")
    ana.page.get_by_test_id("confirm-yes").click()
    ready = ana.replies.filter(has_text="Each person's own sound is ready")
    expect(ready).to_be_visible(timeout=15_000)

    ana.presses(ready, "tracks_files")
    file = told(ana).get_by_role("link", name=re.compile("Download")).first
    answer = ana.context.request.get(str(file.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "video/webm")
    room.close()

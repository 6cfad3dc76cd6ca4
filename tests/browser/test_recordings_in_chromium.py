"""Recordings in a real browser: off the record and back, moments, one that fails and is tried again, and part 2."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SOON = 15_000


def recorded(somebody: Somebody) -> None:
    """Be in a meeting that is recorded, with its thread open."""
    somebody.types("/meet Weekly sync")
    somebody.joins(somebody.card)
    somebody.types("/record")
    somebody.opens_thread()
    expect(somebody.replies.filter(has_text="Recording since")).to_be_visible(timeout=SOON)


def test_off_the_record_and_back_and_moments_with_the_file(playground: str, browser: Browser) -> None:
    ana = Somebody(browser, playground, "ana")
    recorded(ana)
    recording = ana.replies.filter(has_text="Recording since")

    ana.presses(recording, "record_mark")
    expect(ana.page.get_by_test_id("private-message").last).to_contain_text(re.compile(r"00:00:\d\d marked"))
    ana.presses(recording, "record_off")
    off = ana.replies.filter(has_text="Off the record by @Ana Lima until")
    expect(off).to_contain_text("resumes by itself", timeout=SOON)
    ana.presses(off, "record_resume")
    expect(recording).to_be_visible(timeout=SOON)

    ana.types("/record mark decided on v2")
    expect(ana.page.get_by_test_id("private-message").last).to_contain_text("decided on v2")
    ana.presses(recording, "record_stop")
    ana.page.get_by_test_id("confirm-yes").click()
    ready = ana.replies.filter(has_text="Recording ready")
    expect(ready).to_contain_text("decided on v2 · @Ana Lima", timeout=SOON)


def test_a_recording_that_fails_is_tried_again_and_a_channel_can_have_it_go_on_by_itself(
    playground: str,
    browser: Browser,
) -> None:
    ana = Somebody(browser, playground, "ana", "DESIGN")
    recorded(ana)
    ana.page.get_by_test_id("fault-upload").click()
    ana.page.get_by_test_id("recording-fail").last.click()
    failed = ana.replies.filter(has_text="Recording failed")
    expect(failed).to_be_visible(timeout=SOON)
    ana.presses(failed, "record_start")
    expect(ana.replies.filter(has_text="Recording since")).to_be_visible(timeout=SOON)

    ana.types("/meet settings")
    form = ana.page.get_by_test_id("form")
    form.get_by_role("group", name="Recordings").get_by_role("checkbox").check()
    ana.page.get_by_test_id("form-submit").click()
    expect(form).not_to_be_visible()
    ana.page.get_by_test_id("recording-fail").last.click()
    expect(ana.replies.filter(has_text="Part 2 · Recording since")).to_be_visible(timeout=SOON)

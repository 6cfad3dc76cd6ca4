"""A form of the real bot in a real browser: it is opened, found fault with, mended and sent."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_a_recording_is_started_with_options_and_a_mistake_can_be_mended(playground: str, browser: Browser) -> None:
    ana = Somebody(browser, playground, "ana")
    ana.types("/meet Weekly sync")
    expect(ana.card).to_be_visible()
    ana.joins(ana.card)
    ana.types("/record options")

    form = ana.page.get_by_test_id("form")
    expect(form).to_be_visible()
    expect(ana.page.get_by_test_id("form-title")).to_have_text("Recording options")
    form.get_by_label("Video size").fill("huge")
    form.get_by_label("File name begins with").fill("standup")
    form.get_by_role("group", name="Sound").get_by_label("In the video, and in an MP3 file beside it").check()
    ana.page.get_by_test_id("form-submit").click()

    mistake = ana.page.get_by_test_id("mistake-size")
    expect(mistake).not_to_be_empty()
    expect(form.get_by_label("Video size")).to_be_focused()
    expect(form.get_by_label("File name begins with")).to_have_value("standup")
    form.get_by_label("Video size").fill("1280x720")
    ana.page.get_by_test_id("form-submit").click()

    expect(form).not_to_be_visible()
    expect(ana.page.get_by_test_id("private-message").last).to_contain_text(re.compile("Starting|Recording since"))
    ana.opens_thread()
    expect(ana.replies.filter(has_text="Recording since")).to_be_visible(timeout=10_000)

"""Forms on the page, in a real browser: what is asked, what is to be mended, and how one gets out."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.playground.browser_bench import Windows, windows_fixture  # noqa: F401 - a fixture
from tests.playground.web_bench import bench_fixture, modal, option, question, words  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

COLOURS = [option("Red", description=words("like a rose")), option("Green"), option("Blue")]
TITLE = question("title", "Title", "plain_text_input") | {"hint": words("What is it about?")}
EVERYTHING = modal(
    {"type": "section", "text": {"type": "mrkdwn", "text": "Tell me *everything*."}},
    TITLE,
    question("notes", "Notes", "plain_text_input", optional=True, multiline=True, initial_value="nothing yet"),
    question("minutes", "Minutes", "number_input", is_decimal_allowed=False, min_value="1", max_value="90"),
    question("colour", "Colour", "static_select", options=COLOURS),
    question("shade", "Shade", "radio_buttons", options=COLOURS, initial_option=COLOURS[1]),
    question("extras", "Extras", "checkboxes", options=COLOURS, initial_options=[COLOURS[0]]),
    question("host", "Host", "users_select"),
    question("guests", "Guests", "multi_users_select", optional=True, max_selected_items=2),
)


def answers(payload: dict[str, Any]) -> dict[str, Any]:
    """Give what was answered, without the words of the options."""

    def bare(found: Any) -> Any:
        if isinstance(found, list):
            return [bare(each) for each in found]
        return found["value"] if isinstance(found, dict) else found

    values = payload["view"]["state"]["values"]
    return {name: bare(next(v for k, v in value[name].items() if k != "type")) for name, value in values.items()}


async def form(page: Page) -> Any:
    dialog = page.get_by_test_id("form")
    await expect(dialog).to_be_visible()
    return dialog


async def test_every_kind_of_question_is_answered_by_its_label(windows: Windows) -> None:
    page = await windows.open()
    await windows.bench.opens(EVERYTHING)
    await form(page)
    await expect(page.get_by_test_id("form-title")).to_have_text("Try a form")
    await expect(page.get_by_label("Title")).to_be_focused()

    await page.get_by_label("Title").fill("Weekly sync")
    await page.get_by_label("Notes (optional)").fill("two\nlines")
    await page.get_by_label("Minutes").fill("45")
    await page.get_by_label("Colour").select_option("Blue")
    await page.get_by_role("group", name="Shade").get_by_label("Red").check()
    await page.get_by_role("group", name="Extras").get_by_label("Green").check()
    await page.get_by_label("Host").select_option("Bo Berg")
    await page.get_by_role("group", name="Guests").get_by_label("Cy Chen").check()
    await page.get_by_test_id("form-submit").click()

    await expect(page.get_by_test_id("form")).not_to_be_visible()
    assert answers(windows.bench.bot.payload) == {
        "title": "Weekly sync",
        "notes": "two\nlines",
        "minutes": "45",
        "colour": "blue",
        "shade": "red",
        "extras": ["red", "green"],
        "host": "UBO",
        "guests": ["UCY"],
    }


async def test_a_mistake_stands_at_its_question_is_said_aloud_and_can_be_mended(windows: Windows) -> None:
    page = await windows.open()
    await windows.bench.opens(modal(TITLE))
    title = page.get_by_label("Title")
    windows.bench.bot.answers = [{"response_action": "errors", "errors": {"title": "That one is taken."}}]

    await title.fill("Weekly sync")
    await page.get_by_test_id("form-submit").click()

    mistake = page.get_by_role("alert").filter(has_text="That one is taken.")
    await expect(mistake).to_be_visible()
    await expect(title).to_be_focused()
    await expect(title).to_have_attribute("aria-invalid", "true")
    await expect(title).to_have_accessible_description("What is it about? That one is taken.")
    await expect(title).to_have_value("Weekly sync")

    await title.fill("Another one")
    await title.press("Enter")
    await expect(page.get_by_test_id("form")).not_to_be_visible()
    assert answers(windows.bench.bot.payload) == {"title": "Another one"}


async def test_what_slack_itself_asks_for_is_said_without_the_bot(windows: Windows) -> None:
    page = await windows.open()
    await windows.bench.opens(EVERYTHING)
    await form(page)

    await page.get_by_label("Minutes").fill("91")
    await page.get_by_test_id("form-submit").click()

    await expect(page.get_by_test_id("mistake-title")).to_have_text("Please complete this required field.")
    await expect(page.get_by_test_id("mistake-minutes")).to_have_text("Please enter a number of at most 90.")
    assert windows.bench.bot.taken == []


async def test_a_form_waits_for_the_bot_and_is_kept_where_the_bot_fails(windows: Windows) -> None:
    page = await windows.open()
    await windows.bench.opens(modal(TITLE))
    await page.get_by_label("Title").fill("Weekly sync")
    windows.bench.bot.pause, windows.bench.bot.status = 0.3, 503

    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_test_id("form-submit")).to_have_attribute("aria-busy", "true")

    await expect(page.get_by_test_id("form-trouble")).to_have_text("We had some trouble connecting. Try again?")
    await expect(page.get_by_label("Title")).to_have_value("Weekly sync")
    windows.bench.bot.pause, windows.bench.bot.status = 0, 200
    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_test_id("form")).not_to_be_visible()


@pytest.mark.parametrize("way", ["Escape", "form-cancel", "form-close"])
async def test_a_form_is_closed_without_being_sent(windows: Windows, way: str) -> None:
    page = await windows.open()
    await windows.bench.opens(modal(TITLE, notify_on_close=True))
    await form(page)

    if way == "Escape":
        await page.keyboard.press(way)
    else:
        await page.get_by_test_id(way).click()

    await expect(page.get_by_test_id("form")).not_to_be_visible()
    assert windows.bench.slack.form("ana") is None
    assert windows.bench.bot.payload["type"] == "view_closed"


async def test_the_keyboard_stays_inside_the_form(windows: Windows) -> None:
    page = await windows.open()
    await windows.bench.opens(EVERYTHING)
    await form(page)

    for _ in range(20):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#form')"
        )


async def test_a_form_belongs_to_one_person_and_keeps_what_was_typed_while_news_arrive(windows: Windows) -> None:
    ana, bo = await windows.open("ana"), await windows.open("bo")
    await windows.bench.opens(modal(TITLE))
    await ana.get_by_label("Title").fill("Half a ti")

    windows.bench.slack.say("cy", "general", "hello")

    await expect(bo.get_by_test_id("message")).to_contain_text("hello")
    await expect(bo.get_by_test_id("form")).not_to_be_visible()
    await expect(ana.get_by_label("Title")).to_have_value("Half a ti")


async def test_a_form_that_the_bot_changes_keeps_the_answers_to_the_same_questions(windows: Windows) -> None:
    page = await windows.open()
    await windows.bench.opens(modal(TITLE))
    await page.get_by_label("Title").fill("Weekly sync")
    more = modal(TITLE, question("notes", "Notes", "plain_text_input"))
    windows.bench.bot.answers = [{"response_action": "update", "view": more}]

    await page.get_by_test_id("form-submit").click()

    await expect(page.get_by_label("Notes")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("Weekly sync")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_on_a_phone_the_form_takes_the_whole_screen_and_nothing_is_cut_off(windows: Windows, theme: Any) -> None:
    page = await windows.open(viewport={"width": 360, "height": 640}, color_scheme=theme, has_touch=True)
    await windows.bench.opens(EVERYTHING)

    box = await (await form(page)).bounding_box()

    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 640)
    assert await page.get_by_test_id("form").evaluate("node => node.scrollWidth <= node.clientWidth")
    await page.get_by_role("checkbox", name="Cy Chen").scroll_into_view_if_needed()
    await expect(page.get_by_test_id("form-submit")).to_be_in_viewport()

"""The page in a real browser, over both simulators; the bot behind them only acknowledges."""

import pytest
from playwright.async_api import expect

from tests.playground.browser_bench import Windows, windows_fixture  # noqa: F401 - a fixture
from tests.playground.web_bench import JOIN, OPEN, bench_fixture, row  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

STOP = {
    **JOIN,
    "action_id": "stop",
    "style": "danger",
    "text": {"type": "plain_text", "text": "Stop"},
    "accessibility_label": "Stop the recording of Weekly sync",
    "confirm": {
        "title": {"type": "plain_text", "text": "Stop the recording?"},
        "text": {"type": "mrkdwn", "text": "What there is *so far* is kept."},
        "confirm": {"type": "plain_text", "text": "Stop it"},
        "deny": {"type": "plain_text", "text": "Go on"},
    },
}
MORE = {
    "type": "overflow",
    "action_id": "more",
    "options": [
        {"text": {"type": "plain_text", "text": "Copy link"}, "value": "copy"},
        {"text": {"type": "plain_text", "text": "End for everyone"}, "value": "end"},
    ],
}


async def test_the_first_visit_offers_a_command_to_send(windows: Windows) -> None:
    page = await windows.open()

    await page.get_by_test_id("hint").click()
    await expect(page.get_by_test_id("composer")).to_have_value("/meet Weekly sync @bo")
    await page.get_by_test_id("composer").press("Enter")

    await expect(page.get_by_test_id("composer")).to_have_value("")
    await expect(page.get_by_test_id("hint")).to_have_count(0)
    assert windows.bench.bot.taken[0]["text"] == "Weekly sync <@UBO|bo>"


async def test_commands_and_people_are_completed_with_the_keyboard(windows: Windows) -> None:
    page = await windows.open()
    box = page.get_by_test_id("composer")

    await box.press_sequentially("/m")
    await expect(page.get_by_test_id("completion")).to_have_count(1)
    await box.press("Enter")
    await box.press_sequentially("Sync @")
    await box.press("ArrowDown")
    await box.press("Tab")

    await expect(box).to_have_value("/meet Sync @bo ")
    await expect(page.get_by_test_id("composer-note")).to_have_text("/meet [title]")


async def test_a_command_that_does_not_exist_is_kept_and_explained(windows: Windows) -> None:
    page = await windows.open()

    await page.get_by_test_id("composer").fill("/mete Weekly")
    await page.get_by_test_id("send").click()

    await expect(page.get_by_test_id("composer-note")).to_contain_text("/mete is not a command here")
    await expect(page.get_by_test_id("composer")).to_have_value("/mete Weekly")


async def test_two_windows_are_two_people(windows: Windows) -> None:
    ana, bo = await windows.open("ana"), await windows.open("bo", "CDESIGN")

    await ana.get_by_test_id("composer").fill("hello @bo")
    await ana.get_by_test_id("composer").press("Enter")

    await expect(bo.get_by_test_id("channel-general")).to_contain_text("1")
    await bo.get_by_test_id("channel-general").click()
    await expect(bo.get_by_test_id("message")).to_contain_text("hello @Bo Berg")
    await expect(bo.get_by_test_id("channel-general")).not_to_contain_text("1")
    await expect(bo).to_have_title("#general · Bo Berg · Greenroom playground")


async def test_being_someone_else_is_one_click(windows: Windows) -> None:
    page = await windows.open()
    windows.bench.slack.workspace.post("DBO", "UGREENROOM", "Ana asks you to join")

    await expect(page.get_by_test_id("person-bo")).to_have_accessible_name("Be Bo Berg, has a new direct message")
    await page.get_by_test_id("person-bo").click()
    await page.get_by_test_id("channel-greenroom").click()

    await expect(page.get_by_test_id("message")).to_contain_text("Ana asks you to join")
    assert "as=bo" in page.url


async def test_what_people_write_never_becomes_markup(windows: Windows) -> None:
    page = await windows.open()
    evil = "&lt;img src=x onerror=alert(1)&gt; *bold* _it_ ~no~ `x*y*` 2*3*4 a_b_c <javascript:alert(1)|link>"
    evil += " <!date^0^{time}|then> <!date^1^{nonsense}|a moment> <#CDESIGN> <!here>"
    windows.bench.slack.workspace.post("CGENERAL", "UBO", evil)

    text = page.locator("[data-testid=message] .text")
    await expect(text).to_contain_text("<img src=x onerror=alert(1)> bold it no x*y* 2*3*4 a_b_c link")
    await expect(text).to_contain_text("a moment #design @here")
    assert await text.locator("img, script").count() == 0
    assert await text.locator("a").all_inner_texts() == ["#design"]
    assert await text.locator("strong, em, s, code").all_inner_texts() == ["bold", "it", "no", "x*y*"]


async def test_a_weighty_button_asks_first(windows: Windows) -> None:
    page = await windows.open()
    windows.bench.slack.workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(STOP))
    button = page.get_by_role("button", name="Stop the recording of Weekly sync")
    dialog = page.get_by_test_id("confirm-dialog")

    await button.click()
    await expect(dialog).to_contain_text("What there is so far is kept.")
    await expect(page.get_by_test_id("confirm-no")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()
    assert windows.bench.bot.taken == []
    await button.press("Enter")
    await page.get_by_test_id("confirm-yes").click()

    await expect(button).not_to_have_attribute("aria-busy", "true")
    assert len(windows.bench.bot.taken) == 1


async def test_a_menu_is_used_with_the_keyboard(windows: Windows) -> None:
    page = await windows.open()
    windows.bench.slack.workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(MORE))
    button = page.get_by_role("button", name="More actions")

    await button.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(button).not_to_have_attribute("aria-busy", "true")
    assert '"value": "end"' in windows.bench.bot.taken[0]["payload"]


async def test_a_link_opens_and_the_app_is_told(windows: Windows) -> None:
    page = await windows.open()
    link = {**OPEN, "url": f"{windows.bench.url}/playground/page/mark.svg"}
    windows.bench.slack.workspace.post("CGENERAL", "UGREENROOM", "x", blocks=row(link), ephemeral_for="UANA")

    async with page.context.expect_page() as opened:
        await page.locator('[data-testid="private-message"] [data-action-id="open"]').click()
    await expect(page.locator("[aria-busy]")).to_have_count(0)

    assert (await opened.value).url == link["url"]
    assert len(windows.bench.bot.taken) == 1


async def test_a_private_answer_can_be_put_away(windows: Windows) -> None:
    windows.bench.slack.workspace.post("CGENERAL", "UGREENROOM", "psst", ephemeral_for="UANA")
    page = await windows.open()

    await expect(page.get_by_test_id("private-message")).to_contain_text("Only visible to you")
    await page.get_by_test_id("dismiss").click()

    await expect(page.get_by_test_id("private-message")).to_have_count(0)


async def test_a_click_that_the_app_does_not_take_is_said(windows: Windows) -> None:
    windows.bench.bot.status = 500
    windows.bench.slack.workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(JOIN))
    page = await windows.open()

    await page.locator('[data-action-id="join"]').click()

    await expect(page.get_by_test_id("toast")).to_contain_text("500")


async def test_an_edit_takes_neither_focus_nor_typed_words(windows: Windows) -> None:
    workspace = windows.bench.slack.workspace
    card = workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(JOIN))
    other = workspace.post("CGENERAL", "UBO", "unchanged")
    page = await windows.open()
    await page.get_by_test_id("composer").fill("half a thou")
    await page.locator(f'[data-ts="{other.ts}"]').evaluate("node => { node.kept = true; }")
    await page.locator('[data-action-id="join"]').focus()

    workspace.edit("CGENERAL", card.ts, blocks=row({**JOIN, "text": {"type": "plain_text", "text": "Join again"}}))

    await expect(page.locator('[data-action-id="join"]')).to_have_text("Join again")
    await expect(page.locator('[data-action-id="join"]')).to_be_focused()
    await expect(page.get_by_test_id("composer")).to_have_value("half a thou")
    assert await page.locator(f'[data-ts="{other.ts}"]').evaluate("node => node.kept")


async def test_a_thread_opens_is_answered_and_closes(windows: Windows) -> None:
    workspace = windows.bench.slack.workspace
    page = await windows.open()
    root = workspace.post("CGENERAL", "UGREENROOM", "card")
    workspace.post("CGENERAL", "UGREENROOM", "Recording ready", thread_ts=root.ts, broadcast=True)

    await expect(page.get_by_test_id("message").last).to_contain_text("replied to a thread: card")
    await expect(page.get_by_test_id("thread-link")).to_contain_text("1 reply")
    await page.get_by_test_id("thread-link").click()
    await page.get_by_test_id("thread-composer").fill("thanks")
    await page.get_by_test_id("thread-composer").press("Enter")
    await expect(page.get_by_test_id("thread-message")).to_have_count(3)
    await page.keyboard.press("Escape")

    await expect(page.get_by_test_id("thread")).to_be_hidden()
    await expect(page.get_by_test_id("thread-link")).to_contain_text("2 replies")


async def test_who_reads_above_stays_there_and_who_reads_the_newest_follows(windows: Windows) -> None:
    workspace = windows.bench.slack.workspace
    for number in range(40):
        workspace.post("CGENERAL", "UBO", f"line {number}")
    page = await windows.open()
    scroller = page.get_by_test_id("messages")
    await expect(page.get_by_text("line 39", exact=True)).to_be_in_viewport()

    workspace.post("CGENERAL", "UBO", "newest")
    await expect(page.get_by_text("newest", exact=True)).to_be_in_viewport()
    await scroller.evaluate("node => { node.scrollTop = 100; }")
    workspace.post("CGENERAL", "UBO", "newer still")

    await expect(page.get_by_text("newer still", exact=True)).to_have_count(1)
    assert await scroller.evaluate("node => node.scrollTop") == 100


async def test_new_messages_are_said_aloud(windows: Windows) -> None:
    page = await windows.open()
    windows.bench.slack.workspace.post("CGENERAL", "UBO", "hello <@UANA|ana>")

    await expect(page.locator("[aria-live=polite]")).to_have_text("Bo Berg: hello @ana")


async def test_the_panel_moves_people_and_makes_trouble(windows: Windows) -> None:
    await windows.bench.room()
    page = await windows.open()
    panel = page.get_by_test_id("provider-panel")

    await panel.get_by_test_id("join-name").fill("Zoe")
    await panel.get_by_test_id("join-someone").click()
    await expect(panel.get_by_test_id("peer")).to_contain_text("Zoe")
    await panel.get_by_role("button", name="Let Zoe leave").click()
    await expect(panel.get_by_test_id("peer")).to_have_count(0)
    await panel.get_by_test_id("fault-webhooks").select_option("double")
    await panel.get_by_test_id("fault-webhooks").select_option("late")
    await panel.get_by_test_id("fault-upload").check()
    await expect(panel.get_by_test_id("fault-webhooks")).to_have_value("late")

    faults = (await windows.bench.state())["faults"]
    assert (faults["webhooks.double"], faults["webhooks.late_seconds"], faults["fail_uploads"]) == (False, 10.0, 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_phone_has_room_for_everything(windows: Windows, theme: str) -> None:
    windows.bench.slack.workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(JOIN, STOP, MORE))
    page = await windows.open(viewport={"width": 390, "height": 844}, color_scheme=theme, has_touch=True)

    await expect(page.get_by_test_id("provider-panel")).to_be_hidden()
    await page.get_by_test_id("sidebar-open").tap()
    await page.get_by_test_id("channel-design").tap()
    await expect(page.get_by_test_id("channel-title")).to_contain_text("design")
    await expect(page.get_by_test_id("sidebar")).to_be_hidden()
    await page.get_by_test_id("panel-toggle").tap()
    await expect(page.get_by_test_id("provider-panel")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("provider-panel")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""In front of camera and microphone on the bot's own page, and out of the meeting again, in a real browser."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.meeting_page.service import Service
from tests.browser.meeting_page.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("left", "You left the meeting"),
        ("ended", "The meeting has ended"),
        ("kicked", "You were taken out of the meeting"),
        ("rejected", "You were not let in"),
    ],
)
async def test_whoever_is_out_again_reads_why(visitor: Visitor, service: Service, state: str, title: str) -> None:
    del service
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.sees_the_preview()

    await visitor.hears("roomLeft", f'{{"state": "{state}"}}')

    await visitor.reads(title)
    await expect(visitor.page.locator(visitor.element)).to_have_count(0)


async def test_whoever_left_can_come_back_in_with_a_fresh_token(visitor: Visitor, service: Service) -> None:
    del service
    for way_in in ("Join the meeting", "Come back in"):
        if way_in == "Join the meeting":
            await visitor.arrives()
        else:
            await visitor.presses(way_in)
        await visitor.presses("Join the meeting")
        await visitor.sees_the_preview()
        await visitor.hears("roomLeft", '{"state": "left"}')
        await visitor.reads("You left the meeting")

    assert len(set(visitor.tokens)) == 2


async def test_a_camera_that_is_refused_is_told_with_the_way_to_allow_it(visitor: Visitor, service: Service) -> None:
    del service
    await visitor.page.context.clear_permissions()
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.sees_the_preview()

    await visitor.page.locator(visitor.element).get_by_role("button", name="Video").first.click()

    await expect(visitor.page.get_by_role("heading", name="Camera permission denied")).to_be_visible()


async def test_a_camera_that_another_program_has_is_told_without_leaving_the_meeting(
    visitor: Visitor, service: Service
) -> None:
    del service
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.sees_the_preview()

    await visitor.hears("mediaPermissionError", '{"kind": "video", "message": "COULD_NOT_START"}')

    await expect(visitor.page.locator("#notice")).to_contain_text("Another program may be using it")
    await visitor.presses("Close note")
    await visitor.sees_the_preview()


async def test_links_that_would_put_the_token_into_an_address_do_not_open(visitor: Visitor, service: Service) -> None:
    """The services' elements offer one for finding out what is wrong with a network."""
    del service
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.sees_the_preview()
    opened: list[Page] = []
    visitor.page.context.on("page", lambda page: opened.append(page))  # noqa: PLW0108 - as above

    await visitor.page.evaluate(
        """() => {
          const host = document.body.appendChild(document.createElement("div"));
          const link = document.createElement("a");
          Object.assign(link, { href: "https://test.example/?authToken=secret", target: "_blank" });
          host.attachShadow({ mode: "open" }).append(link);
          link.click();
        }"""
    )

    await visitor.page.wait_for_timeout(200)
    assert opened == []
    assert not [url for url in visitor.addresses() if "test.example" in url]

"""Somebody in front of the bot's own meeting page, in a real browser."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Page, Request, Response, expect


@dataclass
class Visitor:
    """Somebody in front of the page, and everything that their browser asked for."""

    page: Page
    link: str
    element: str
    requests: list[Request] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def watch(self) -> None:
        """Note whatever is asked for from now on."""
        self.page.on("request", lambda asked: self.requests.append(asked))  # noqa: PLW0108 - it marks what it is given
        self.page.on("websocket", lambda socket: self.sockets.append(socket.url))
        self.page.on("response", self._note)

    async def _note(self, answer: Response) -> None:
        if urlsplit(answer.url).path == "/join" and answer.ok:
            self.tokens.append((await answer.json())["token"])

    async def arrives(self) -> None:
        """Open the link; driven by a program, the page waits for a press."""
        await self.page.goto(self.link)

    async def presses(self, words: str) -> None:
        await self.page.get_by_role("button", name=words, exact=True).click()

    async def reads(self, title: str, text: str = "") -> None:
        """See this heading and, somewhere below it, these words."""
        await expect(self.page.get_by_role("heading", name=title)).to_be_visible(timeout=40_000)
        await expect(self.page.locator("#door")).to_contain_text(text)

    async def sees_the_preview(self) -> None:
        """Be where camera and microphone are tried before one goes in."""
        await expect(self.page.locator(self.element)).to_be_visible(timeout=40_000)
        await expect(self.page.locator(self.element).get_by_role("button", name="Join")).to_be_visible()

    async def hears(self, event: str, said: str) -> None:
        """Have the service's program report something."""
        told = "([element, event, said]) => document.querySelector(element).meeting.self.emit(event, JSON.parse(said))"
        await self.page.evaluate(told, [self.element, event, said])

    def addresses(self) -> list[str]:
        """Give every address that was really asked, and not only wished for."""
        return [each.url for each in self.requests if each.failure != "csp"] + self.sockets

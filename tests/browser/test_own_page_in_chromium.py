"""The bot's own meeting page with the services' real programs in it, in a real browser.

``greenroom sdk install`` fetches the programs first, as whoever runs the bot does. A stand-in on this machine answers
for the services' hosts, and nobody at all for any other.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, Response, async_playwright, expect

from bot.doctor import examine
from bot.sdk import SDKS
from playground.rooms import ProviderName
from tests.browser.service import HOSTS, Service, answering, certificate, resolver_rules
from tests.edges.place import Place, place, town
from tests.support.bench import Bench, button

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
    "--use-fake-device-for-media-stream",
    "--deny-permission-prompts",
)
PROVIDERS: tuple[ProviderName, ...] = ("realtimekit", "dyte")
SOCKETS = re.compile(r"^socket-edge\.")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]


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


@pytest.fixture(scope="module")
def sdk_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("npm") is None:
        pytest.skip("npm is not on this machine, and `greenroom sdk install` needs it")
    directory = tmp_path_factory.mktemp("sdk")
    command = [sys.executable, "-m", "bot", "sdk", "install", "--into", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    return directory


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def nobody() -> Service:
    """Give the stand-in while it does not answer: tests open it when they want to be answered."""
    return Service()


@pytest_asyncio.fixture(loop_scope="module")
async def service(nobody: Service, secured: Path) -> AsyncIterator[Service]:
    nobody.heard.clear()
    async with answering(nobody, secured):
        yield nobody


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(nobody: Service) -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("no Chromium on this machine: install it (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        rules = f"--host-resolver-rules={resolver_rules(nobody)}"
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, rules])
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=PROVIDERS)
async def bot(request: pytest.FixtureRequest, redis_process: str, sdk_dir: Path) -> AsyncIterator[Bench]:
    async with town(redis_process, provider=request.param, JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as world:
        yield world


@pytest.fixture
def provider(bot: Bench) -> ProviderName:
    return next(iter(bot.bot.services.providers)).name


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(bot: Bench, browser: Browser, provider: str) -> AsyncIterator[Visitor]:
    here: Place = place(bot)
    await here.meeting("Weekly sync")
    link = str(button(await here.asks("bo", "/meet join"), "open_link")["url"])
    context = await browser.new_context(viewport={"width": 390, "height": 780}, is_mobile=True)
    await context.grant_permissions(["camera", "microphone"])
    visitor = Visitor(await context.new_page(), link, SDKS[provider].element)
    await visitor.watch()
    yield visitor
    await context.close()


# ------------------------------------------------------------ the way in


async def test_the_real_program_comes_from_the_bot_and_speaks_to_its_service_alone(
    visitor: Visitor, service: Service, provider: str
) -> None:
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.sees_the_preview()

    own = urlsplit(visitor.link).netloc
    asked = {urlsplit(url).netloc for url in visitor.addresses() if not url.startswith(("blob:", "data:"))}
    allowed = tuple(f".{domain}" for domain in HOSTS[provider])
    assert own in asked
    assert [host for host in asked - {own} if not host.endswith(allowed)] == []
    scripts = [each for each in visitor.requests if each.resource_type == "script"]
    assert {urlsplit(each.url).netloc for each in scripts} == {own}
    assert {urlsplit(each.url).path.split("/")[1] for each in scripts} == {"page", "sdk"}
    assert {host for host, _ in service.heard} >= {f"api.{HOSTS[provider][0]}"}


async def test_the_token_is_in_no_address_no_history_and_no_storage(visitor: Visitor, service: Service) -> None:
    del service
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.sees_the_preview()

    [token] = visitor.tokens
    # One place is the service's own doing: its program opens its own socket with the token, from its host to its host.
    addresses = [url for url in visitor.addresses() if not SOCKETS.match(urlsplit(url).netloc)]
    assert not [url for url in addresses if token in url]
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, location.href, document.referrer])"
    assert token not in await visitor.page.evaluate(kept)
    assert token not in await visitor.page.content()
    assert token not in str(await visitor.page.context.storage_state(indexed_db=True))
    assert visitor.page.url == visitor.link
    assert await visitor.page.evaluate("history.length") == 2
    assert not [each for each in visitor.requests if "referer" in each.headers and "join" in each.headers["referer"]]


async def test_a_page_that_is_only_looked_at_by_a_program_asks_for_no_token(visitor: Visitor, service: Service) -> None:
    await visitor.arrives()
    await visitor.page.wait_for_load_state("networkidle")

    assert {each.method for each in visitor.requests} == {"GET"}
    assert (visitor.tokens, service.heard) == ([], [])


async def test_a_person_who_looks_at_the_page_is_let_in_without_a_press(visitor: Visitor, service: Service) -> None:
    del service
    await visitor.page.add_init_script("Object.defineProperty(Navigator.prototype, 'webdriver', {get: () => false})")
    await visitor.arrives()

    await visitor.sees_the_preview()


# ------------------------------------------------------------ no way in


async def test_a_refused_token_is_told_in_plain_words_and_trying_again_fetches_a_fresh_one(
    visitor: Visitor, service: Service
) -> None:
    service.refuses = True
    await visitor.arrives()
    await visitor.presses("Join the meeting")
    await visitor.reads("The video service did not let you in", "get a new link: press Join in Slack")

    service.refuses = False
    await visitor.presses("Try again")
    await visitor.sees_the_preview()

    assert len(set(visitor.tokens)) == 2


async def test_a_service_that_cannot_be_reached_is_told_in_plain_words(visitor: Visitor, provider: str) -> None:
    await visitor.arrives()
    await visitor.presses("Join the meeting")

    await visitor.reads("The video service cannot be reached", f"can allow *.{HOSTS[provider][0]}")


async def test_a_bot_that_cannot_be_reached_is_told_in_plain_words(visitor: Visitor) -> None:
    await visitor.arrives()
    await visitor.page.context.set_offline(offline=True)
    await visitor.presses("Join the meeting")

    await visitor.reads("Greenroom does not answer", "check whether you are online")


async def test_a_program_that_is_not_what_it_should_be_is_not_run(visitor: Visitor) -> None:
    await visitor.page.route("**/sdk/**/kit.js", lambda route: route.fulfill(body="window.stolen = true"))
    await visitor.arrives()
    await visitor.presses("Join the meeting")

    await visitor.reads("The meeting's program did not load", "greenroom doctor")
    assert await visitor.page.evaluate("window.stolen") is None


async def test_a_browser_that_cannot_hold_meetings_is_told_so_before_a_token_is_minted(visitor: Visitor) -> None:
    await visitor.page.add_init_script("delete window.RTCPeerConnection")
    await visitor.arrives()
    await visitor.presses("Join the meeting")

    await visitor.reads("This browser cannot hold video meetings", "current Chrome, Edge, Firefox or Safari")
    assert visitor.tokens == []


async def test_a_link_that_has_expired_meanwhile_is_told_in_the_bots_own_words(visitor: Visitor, bot: Bench) -> None:
    from redis.asyncio import Redis  # noqa: PLC0415

    from bot.keys import code_key  # noqa: PLC0415

    await visitor.arrives()
    async with Redis.from_url(bot.redis_url) as redis:
        await redis.delete(code_key(visitor.link.rpartition("/")[2]))
    await visitor.presses("Join the meeting")

    await visitor.reads("This link does not work any more", "Press Join in Slack again to get a new one.")


# ------------------------------------------------------------ inside, and out again


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


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("0010", "This browser cannot hold video meetings"),
        ("0012", "The connection to the meeting broke off"),
        ("0013", "Too many people are coming in at once"),
        ("0014", "Sound and picture do not get through"),
        ("0001", "The video service does not answer"),
    ],
)
async def test_each_of_the_programs_own_errors_has_words(
    visitor: Visitor, service: Service, provider: str, code: str, title: str
) -> None:
    del service
    gives_up = f"window.{SDKS[provider].client} = {{ init: async () => {{ throw {{ code: '{code}' }} }} }}"
    await visitor.page.add_init_script(gives_up)
    await visitor.arrives()
    await visitor.presses("Join the meeting")

    await visitor.reads(title, f"The video service's code: {code}" if code != "0010" else "current Chrome")


async def test_the_doctor_is_content_with_what_was_installed(bot: Bench, provider: ProviderName, sdk_dir: Path) -> None:
    changed = {"JOIN_URL_TEMPLATE": None, "SDK_DIR": str(sdk_dir), "PUBLIC_URL": bot.bot.url}
    settings = bot.stage.settings(provider=provider, REDIS_URL=bot.redis_url, **changed)

    [joining] = [finding for finding in await examine(settings) if finding.what == "Joining"]

    assert (joining.verdict, joining.details) == ("good", "on the bot's own page")


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

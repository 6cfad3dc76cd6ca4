"""Into a meeting on the bot's own page, or not, with the services' real programs in a real browser."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis

from bot.doctor import examine
from bot.keys import code_key
from bot.sdk import SDKS
from playground.rooms import ProviderName
from tests.browser.meeting_page.service import HOSTS, Service
from tests.browser.meeting_page.visitor import Visitor
from tests.support.bench import Bench

SOCKETS = re.compile(r"^socket-edge\.")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]


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
    await visitor.arrives()
    async with Redis.from_url(bot.redis_url) as redis:
        await redis.delete(code_key(visitor.link.rpartition("/")[2]))
    await visitor.presses("Join the meeting")

    await visitor.reads("This link does not work any more", "Press Join in Slack again to get a new one.")


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

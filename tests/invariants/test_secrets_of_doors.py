"""Invariant 7 at the doors: signing in, guests' passes, one-click links, storages, and what the command line prints."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from redis.asyncio import Redis

from playground.stage import LOOPBACK, Stage, free_port, stage
from playground.workspace_values import Message
from tests.edges.browsers import Browser, browser
from tests.edges.command import greenroom
from tests.edges.test_guests import url_of
from tests.invariants.secrets import (
    Secrets,
    everything_sent_to_redis,
    places,
    provider_places,
    redis_places,
    slack_places,
)
from tests.invariants.test_secrets_stay_put import page
from tests.invariants.tools import edits_are_free
from tests.support.bench import QUICK, Bench, button
from tests.support.process import BotProcess, bot_process, environment_for

PATH_SECRET = "a-path-that-nobody-guesses"
REDIS_PASSWORD = "correct-horse-battery-staple"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
CLOUD = json.dumps({"type": "service_account", "private_key": KEY, "client_email": "g@acme.example"})
ACCOUNT = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=c2VjcmV0LW9mLWF6dXJl"
SERVER = {"type": "sftp", "host": LOOPBACK, "username": "greenroom"}
BUCKET = {"bucket": "meetings", "region": "eu-central-1"}
STORAGES: dict[str, dict[str, Any]] = {
    "spaces": {"type": "digitalocean", "access_key": "DO00-access-key", "secret": "do-secret/4+x", **BUCKET},
    "cloud": {"type": "gcs", "secret": CLOUD, "bucket": "meetings"},
    "blue": {"type": "azure", "access_key": ACCOUNT, "bucket": "meetings"},
    "files": {**SERVER, "auth_method": "KEY", "private_key": KEY, "password": "the-passphrase"},
    "older": {**SERVER, "auth_method": "PASSWORD", "password": "hunter2 & more"},
}
SECRET_FIELDS = ("access_key", "secret", "private_key", "password")


@asynccontextmanager
async def house(redis_url: str) -> AsyncIterator[tuple[Bench, BotProcess, dict[str, str]]]:
    """Run a bot with everything that can be set up, as a process of its own that writes all that it can to its log."""
    async with stage(pace=QUICK) as scene:
        port = free_port()
        url = f"http://{LOOPBACK}:{port}"
        scene.slack.bot_url = url
        given = environment_for(
            scene,
            redis_url.replace("unix://", f"unix://default:{REDIS_PASSWORD}@"),
            WEBHOOK_PATH_SECRET=PATH_SECRET,
            RECORDING_STORAGE_PROFILES=json.dumps(STORAGES),
            **scene.one_click(url),
        )
        async with bot_process(given, port=port) as process:
            edits_are_free(scene)
            yield Bench(scene, None, redis_url), process, given


def configured(scene: Stage) -> Secrets:
    """Give what nobody may see of the settings; of keys and credentials in several lines, each line."""
    openid = scene.slack.openid
    known = {"path secret": PATH_SECRET, "redis password": REDIS_PASSWORD, "client secret": openid.client_secret}
    found = Secrets.of(scene, **known)
    for name, profile in STORAGES.items():
        given = [str(profile[field]) for field in SECRET_FIELDS if field in profile]
        found.add(name, *given, *(line for each in given for line in each.splitlines() if "-----" not in line))
    return found


@pytest.mark.timeout(90)
@pytest.mark.soak
async def test_no_secret_of_a_door_stands_where_it_has_no_business(
    redis_url: str, redis: Redis, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        heard = await stack.enter_async_context(everything_sent_to_redis(redis_url))
        world, process, given = await stack.enter_async_context(house(redis_url))
        secrets = configured(world.stage)
        remember_tokens(world.stage, secrets)
        await the_doors(world, process, secrets)
        await the_mishaps(world, process, secrets)
        secrets.add("response url", *world.stage.slack.response_urls._known)
        printed = await said_at_the_command_line(given, process, tmp_path)
        searched = places(
            slack_places(world.stage),
            await redis_places(redis),
            log=process.log,
            metrics=await page(f"{process.url}/metrics"),
            commands=heard,
            printed=printed,
        )
        asked = provider_places(world.stage)
    assert len(heard) > 100
    assert "a sign-in was refused" in searched["log"]
    assert all(each in " ".join(secrets.known) for each in ("id token", "cookie", "sign-in", "pass", "code"))
    assert secrets.found_in(searched) == {}
    assert "xoxp-" not in "".join(searched.values())
    theirs = {"path secret", *(what for what in secrets.known if what.split()[0] in STORAGES)}
    ours = Secrets({what: each for what, each in secrets.known.items() if what not in theirs})
    assert ours.found_in(asked) == {}


def remember_tokens(scene: Stage, secrets: Secrets) -> None:
    """Note every proof of who somebody is that Slack gives out."""
    openid = scene.slack.openid

    def forge(claims: dict[str, Any]) -> str:
        token = openid.signed(claims)
        secrets.known[f"id token {len(secrets.known)}"] = token
        return token

    openid.forge = forge


async def signs_in(who: Browser, door: str, secrets: Secrets) -> None:
    """Go to Slack and back, and note what proves anything on the way."""
    away = await who.leaves(door)
    back = (await who.get(away)).location
    given = [*parse_qsl(urlsplit(away).query), *parse_qsl(urlsplit(back).query)]
    secrets.add("sign-in", *(value for name, value in given if name in {"state", "nonce"}))
    secrets.add("code of a sign-in", *(value for name, value in given if name == "code"))
    secrets.add("browser's cookie", *(value for value in who.cookies.values() if not value.startswith("U")))
    assert (await who.get(back)).status == 303
    secrets.add("cookie of who is signed in", *(value for value in who.cookies.values() if not value.startswith("U")))
    assert (await who.get(back)).status == 400, "a state works once"


def proofs(address: str) -> list[str]:
    """Give what proves anything in an address, by its length; the rest of it says when a link ends, and the like."""
    return [value for _, value in parse_qsl(urlsplit(address).query) if len(value) > 20]


async def goes_in(who: Browser, address: str, secrets: Secrets, name: str) -> None:
    """Open a link as a browser does, and note where it leads to."""
    await who.get(address)
    answer = await who.post(address)
    assert answer.status == 303, answer.text
    secrets.add(f"token or link of {name}", answer.location, *proofs(answer.location))
    secrets.add(f"cookie of {name}", *(value for value in who.cookies.values() if not value.startswith("U")))
    if "authToken=" in answer.location:
        await who.world.stage.provider.enter(answer.token)


def path_of(message: Message, action: str) -> str:
    return urlsplit(str(button(message, action)["url"])).path


async def the_doors(world: Bench, process: BotProcess, secrets: Secrets) -> None:
    """Come in through every door there is, and out again with a recording."""
    await world.says("ana", "general", "/meet Weekly sync")
    card = await world.has_card()
    door = path_of(card, "join_door")
    async with browser(world, "ana", process.url) as ana, browser(world, None, process.url) as jane:
        await signs_in(ana, door, secrets)
        await goes_in(ana, door, secrets, "ana")
        link = str(button(await asks(world, "ana", "/meet join"), "open_link")["url"])
        secrets.add("code of ana's link", link.rpartition("/")[2])
        await goes_in(ana, link, secrets, "ana's link")
        passed = url_of(await asks(world, "ana", "/meet guest Jane Doe"))
        secrets.add("pass", passed.rpartition("/")[2])
        await goes_in(jane, passed, secrets, "jane")
        await goes_in(ana, path_of(await is_recorded(world), "record_door"), secrets, "the recording")


async def is_recorded(world: Bench) -> Message:
    """Have a recording made that goes to a storage, and give its announcement; other storages refuse theirs later."""
    await world.says("ana", "general", "/record --storage cloud")
    await world.until(lambda: world.reply("Recording since"))
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.until(lambda: world.has_reply("Recording ready"))
    return next(message for message in world.replies() if "Recording ready" in message.text)


async def asks(world: Bench, user: str, text: str) -> Message:
    before = len(world.private(user))
    await world.says(user, "general", text)
    await world.until(lambda: len(world.private(user)) > before)
    return world.private(user)[-1]


async def the_mishaps(world: Bench, process: BotProcess, secrets: Secrets) -> None:
    """Have all of it refused, in words that hold what was sent along."""
    provider, openid = world.stage.provider, world.stage.slack.openid
    told = " ".join(each for what, each in secrets.known.items() if what.split()[0] in {*STORAGES, "token"})
    echo = {"success": False, "error": {"code": 400, "message": f"not allowed: {told}"}}
    for name in STORAGES:
        provider.faults.fail("start_recording", 400, body=echo)
        await asks(world, "ana", f"/record --storage {name}")
    door = path_of(world.card(), "join_door")
    async with browser(world, "bo", process.url) as bo:
        honest = openid.forge
        for claims in ({"aud": "1.2"}, {"nonce": "another"}, {"https://slack.com/team_id": "TOTHER"}):
            openid.forge = lambda right, claims=claims: honest(right | claims)  # type: ignore[misc]
            back = (await bo.get(await bo.leaves(door))).location
            secrets.add(f"refused code {claims}", dict(parse_qsl(urlsplit(back).query))["code"])
            assert (await bo.get(back)).status == 400
        openid.forge = honest
        openid.away = True
        assert (await bo.get((await bo.get(await bo.leaves(door))).location)).status == 503
        openid.away = False
        await signs_in(bo, door, secrets)
        for status in (400, 401, 500):
            provider.faults.fail("add_participant", status, body=echo)
            assert (await bo.post(door)).status == 503
        bo.keeps("greenroom", "a.forged.cookie")
        await bo.get(door)
    await a_pass_is_taken_back(world, echo)


async def a_pass_is_taken_back(world: Bench, echo: dict[str, Any]) -> None:
    world.stage.provider.faults.fail("kick", 400, body=echo)
    shown = await asks(world, "ana", "/meet guests")
    for _ in range(2):
        before = len(world.private("ana"))
        await world.presses("ana", shown, "guest_revoke", stale=True)
        await world.until(lambda n=before: len(world.private("ana")) > n)  # type: ignore[misc]


async def said_at_the_command_line(given: dict[str, str], process: BotProcess, home: Path) -> list[str]:
    """Give what the commands print that look at everything."""
    settings = given | {"PUBLIC_URL": process.url}
    commands = (("doctor",), ("webhooks", "list"))
    ended = [await greenroom(home, *command, **settings) for command in commands]
    return [each.out + each.err for each in ended]

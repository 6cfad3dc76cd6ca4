"""``greenroom doctor``: a row for each thing that is broken, and an exit code that a script can act on."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.bootstrap import outside
from bot.doctor import examine
from bot.locks import Locks
from bot.manifest import load_manifest
from bot.providers import USED_EVENTS
from bot.registration import Registration
from bot.server import listen
from playground.rooms import new_id
from playground.stage import SEES_MEMBERS, Stage, stage
from tests.edges.command import greenroom

HERE = "https://bot.example"
ADDRESS = f"{HERE}/webhooks/realtimekit"


@pytest.fixture
async def scene(redis_url: str) -> AsyncIterator[Stage]:
    """Give a world in which all is well: the scopes of the manifest, and the webhook registered."""
    async with stage() as found:
        scopes = load_manifest()["oauth_config"]["scopes"]
        found.slack.scopes.clear()
        found.slack.scopes.update(scopes["bot"])
        async with outside(found.settings(REDIS_URL=redis_url)) as world:
            registration = Registration(world.redis, Locks(world.redis), USED_EVENTS)
            await registration.sync(world.providers.default, ADDRESS)
        yield found


def environment(redis_url: str) -> dict[str, str | None]:
    return {"REDIS_URL": redis_url, "PUBLIC_URL": HERE}


@dataclass(frozen=True)
class Broken:
    """Something that is broken, and the row that must say so."""

    row: str
    says: str
    settings: dict[str, str | None] = field(default_factory=dict)
    how: Callable[[Stage], object] = lambda _: None
    verdict: str = "bad"


def double(scene: Stage) -> None:
    [hook] = scene.provider.rooms.webhooks.values()
    again = replace(hook, id=new_id())
    scene.provider.rooms.webhooks[again.id] = again


def switch_off(scene: Stage) -> None:
    [hook] = scene.provider.rooms.webhooks.values()
    hook.enabled = False


def register_from_elsewhere(scene: Stage) -> None:
    double(scene)
    del scene.provider.rooms.webhooks[next(iter(scene.provider.rooms.webhooks))]


BROKEN = {
    "the Slack token": Broken("Slack token", "refused: invalid_auth", {"SLACK_BOT_TOKEN": "xoxb-wrong"}),
    "a revoked token": Broken("Slack token", "refused: token_revoked", how=lambda s: s.slack.faults.revoke_token()),
    "Slack away": Broken("Slack token", "Slack cannot be reached", {"SLACK_API_URL": "http://127.0.0.1:1"}),
    "a scope": Broken("Slack scopes", "missing: users:read", how=lambda s: s.slack.scopes.discard("users:read")),
    "the provider's credentials": Broken(
        "RealtimeKit credentials",
        "answered 401 to list_presets: Authentication error: check REALTIMEKIT_ACCOUNT_ID",
        {"REALTIMEKIT_API_TOKEN": "wrong"},
    ),
    "the provider's app": Broken("RealtimeKit credentials", "answered 404", {"REALTIMEKIT_APP_ID": "wrong"}),
    "the provider away": Broken(
        "RealtimeKit credentials", "did not answer", {"REALTIMEKIT_API_URL": "http://127.0.0.1:1"}
    ),
    "a preset": Broken(
        "RealtimeKit presets",
        "no captain: set HOST_PRESET and GUEST_PRESET to some of: group_call_host, ",
        {"HOST_PRESET": "captain"},
    ),
    "no webhook": Broken(
        "RealtimeKit webhook", "not registered yet", how=lambda s: s.provider.rooms.webhooks.clear(), verdict="note"
    ),
    "a doubled webhook": Broken("RealtimeKit webhook", "registered 2 times", how=double),
    "a webhook that is off": Broken("RealtimeKit webhook", "registered but switched off", how=switch_off),
    "another Redis' webhook": Broken("RealtimeKit webhook", "not from this Redis", how=register_from_elsewhere),
    "no public address": Broken("RealtimeKit webhook", "none without PUBLIC_URL", {"PUBLIC_URL": None}, verdict="note"),
    "no page to join on": Broken(
        "Joining", "run `greenroom sdk install`", {"JOIN_URL_TEMPLATE": None, "SDK_DIR": "/nonexistent"}
    ),
    "a public address without https": Broken(
        "Joining", "use https", {"JOIN_URL_TEMPLATE": None, "PUBLIC_URL": "http://meet.example.com"}
    ),
    "signing in": Broken(
        "Sign in with Slack",
        "check SLACK_SIGNIN_URL",
        {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x", "SLACK_SIGNIN_URL": "http://127.0.0.1:1"},
    ),
    "Redis away": Broken("Redis", "does not answer", {"REDIS_URL": "redis://127.0.0.1:1"}),
}


async def test_where_all_is_well_nothing_is_bad(scene: Stage, redis_url: str) -> None:
    findings = await examine(scene.settings(**environment(redis_url)))

    rows = [finding.what for finding in findings]
    assert rows[:5] == ["Settings", "Redis", "Slack token", "Slack scopes", "Clock"]
    assert {"RealtimeKit credentials", "RealtimeKit presets", "RealtimeKit webhook", "Joining"} <= set(rows)
    assert not [finding for finding in findings if finding.fails]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_each_thing_that_is_broken_has_a_row_that_says_so(scene: Stage, redis_url: str, broken: Broken) -> None:
    broken.how(scene)

    findings = await examine(scene.settings(**(environment(redis_url) | broken.settings)))

    row = next(finding for finding in findings if finding.what == broken.row)
    assert broken.says in row.details
    assert row.verdict == broken.verdict
    others = {finding.what for finding in findings if finding.fails} - {broken.row}
    assert others <= ({"RealtimeKit webhook", "RealtimeKit news"} if broken.row == "Redis" else set())
    assert not re.search(r"xoxb|wrong|Traceback", " ".join(finding.details for finding in findings))


async def test_without_the_scopes_that_may_be_left_out_it_says_what_that_costs(scene: Stage, redis_url: str) -> None:
    [without] = [f for f in await examine(scene.settings(**environment(redis_url))) if f.what == "Slack scopes"]
    scene.slack.scopes.update(load_manifest()["oauth_config"]["scopes"]["bot_optional"])
    [with_all] = [f for f in await examine(scene.settings(**environment(redis_url))) if f.what == "Slack scopes"]

    assert (without.verdict, with_all.verdict) == ("good", "good")
    assert "channels:history" in without.details
    assert with_all.details == "all there"


async def test_signing_in_is_looked_at_where_it_is_set_up(scene: Stage, redis_url: str) -> None:
    async def found(**others: str | None) -> tuple[str, str]:
        given = environment(redis_url) | scene.one_click(HERE) | others
        [row] = [f for f in await examine(scene.settings(**given)) if f.what == "Sign in with Slack"]
        return row.verdict, row.details

    assert await found() == ("good", f"accepted; {HERE}/signin/callback has to be among the app's redirect URLs")
    assert await found(SLACK_CLIENT_SECRET="another") == (
        "bad",
        "refused: bad_client_secret. Check SLACK_CLIENT_ID and SLACK_CLIENT_SECRET",
    )
    verdict, said = await found(SLACK_SIGNIN_URL="http://127.0.0.1:1")
    assert (verdict, "check SLACK_SIGNIN_URL" in said) == ("bad", True)
    assert await found(PUBLIC_URL=None) == (
        "note",
        "has no effect without PUBLIC_URL: people join by private answers",
    )
    scene.slack.scopes.difference_update(SEES_MEMBERS)
    given = environment(redis_url) | {
        "SLACK_CLIENT_ID": scene.slack.openid.client_id,
        "SLACK_CLIENT_SECRET": scene.slack.openid.client_secret,
        "SLACK_SIGNIN_URL": scene.slack.openid.url,
    }
    [row] = [f for f in await examine(scene.settings(**given)) if f.what == "Sign in with Slack"]
    assert (row.verdict, "without channels:read" in row.details) == ("note", True)


async def test_nobody_is_told_of_signing_in_where_it_is_not_set_up(scene: Stage, redis_url: str) -> None:
    findings = await examine(scene.settings(**environment(redis_url)))

    assert not [finding for finding in findings if finding.what == "Sign in with Slack"]


@asynccontextmanager
async def slack_whose_clock_is(off: timedelta) -> AsyncIterator[str]:
    async def auth_test(_request: web.Request) -> web.Response:
        headers = {"Date": format_datetime(datetime.now(UTC) + off, usegmt=True), "x-oauth-scopes": "commands"}
        return web.json_response({"ok": True, "user": "greenroom", "team": "T"}, headers=headers)

    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}/api/"
    await runner.cleanup()


@pytest.mark.parametrize(("minutes", "verdict"), [(0, "good"), (60, "bad"), (-60, "bad")])
async def test_a_clock_that_is_off_is_found(scene: Stage, redis_url: str, minutes: int, verdict: str) -> None:
    async with slack_whose_clock_is(timedelta(minutes=minutes)) as url:
        findings = await examine(scene.settings(REDIS_URL=redis_url, SLACK_API_URL=url))

    [clock] = [finding for finding in findings if finding.what == "Clock"]
    assert clock.verdict == verdict
    if minutes:
        assert re.match(r"3[56]\d\d s off from Slack's: signed requests will be refused", clock.details)


@pytest.mark.soak
async def test_the_exit_code_tells_and_the_table_can_be_read(scene: Stage, redis_url: str, tmp_path: Path) -> None:
    given = scene.environment() | {"REDIS_URL": redis_url, "PUBLIC_URL": HERE}

    well = await greenroom(tmp_path, "doctor", **given)
    assert (well.code, well.err) == (0, "")
    assert "RealtimeKit presets" in well.out
    assert "bad" not in well.out

    ill = await greenroom(tmp_path, "doctor", **given | {"SLACK_BOT_TOKEN": "xoxb-wrong", "HOST_PRESET": "captain"})
    assert (ill.code, ill.err) == (1, "")
    for row in ("Slack token", "RealtimeKit presets"):
        assert re.search(rf"{row} +│ bad ", ill.out)

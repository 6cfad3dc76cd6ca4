"""Looks at everything a deployment needs, before people find out what is missing."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from redis.exceptions import RedisError
from slack_sdk.errors import SlackApiError

from bot.doctor_signin import sign_in_findings
from bot.doctor_storages import storage_findings
from bot.doctor_webhooks import webhook_findings
from bot.errors import ProviderError, ProviderUnavailable, SettingsError
from bot.findings import BAD, GOOD, WEAK, Finding
from bot.manifest import load_manifest
from bot.outside import Outside, outside
from bot.ports import Provider
from bot.sdk import SDKS
from bot.sdk_install import is_whole
from bot.settings import Settings
from bot.settings_checks import CREDENTIALS
from bot.slack.meaning import UNREADABLE

CLOCK_LIMIT = 60
OLD_REDIS = (6, 2)
COSTS = {
    ":history": "a crash may repeat one reply",
    ":read": "nobody joins or watches at one click there, but by a private answer",
    "calls:write": "no call card stands in conversations where the bot cannot post",
}
"""What it costs to leave out the scopes that may be left out, by their ending."""


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything, and go on looking when something is wrong."""
    findings = [Finding("Settings", GOOD, f"complete; {settings.provider} makes new meetings")]
    try:
        async with outside(settings, share=True) as world:
            findings += [finding async for finding in _everything(settings, world)]
    except SettingsError as mistakes:
        findings.append(Finding("Redis", BAD, "; ".join(mistakes.problems)))
    return findings


async def _everything(settings: Settings, world: Outside) -> AsyncIterator[Finding]:
    yield await _redis(settings, world)
    async for finding in _slack(settings, world):
        yield finding
    for provider in world.providers:
        async for finding in _provider(settings, world, provider):
            yield finding
    for finding in await storage_findings(settings, world.http):
        yield finding
    yield _ways_in(settings)


async def _redis(settings: Settings, world: Outside) -> Finding:
    try:
        before = time.perf_counter()
        await world.redis.ping()
        took = (time.perf_counter() - before) * 1000
        info = await world.redis.info("server")
    except (RedisError, OSError) as trouble:
        return Finding("Redis", BAD, f"does not answer ({type(trouble).__name__}): check REDIS_URL")
    version = str(info.get("valkey_version") or info.get("redis_version", "0"))
    kind = "REDIS_URL" if settings.redis_url else "embedded, for one replica"
    if tuple(int(part) for part in version.split(".")[:2]) < OLD_REDIS:
        return Finding("Redis", BAD, f"{version} is too old: Greenroom needs 6.2")
    return Finding("Redis", GOOD, f"{version}, {took:.1f} ms ({kind})")


async def _slack(settings: Settings, world: Outside) -> AsyncIterator[Finding]:
    try:
        answer = await world.slack.auth_test()
    except SlackApiError as refusal:
        data = refusal.response.data if isinstance(getattr(refusal.response, "data", None), dict) else {}
        yield Finding("Slack token", BAD, f"refused: {data.get('error', 'no answer')}. Check SLACK_BOT_TOKEN")
        return
    except UNREADABLE as trouble:
        yield Finding("Slack token", BAD, f"Slack cannot be reached ({type(trouble).__name__})")
        return
    yield Finding("Slack token", GOOD, f"{answer.get('user')} in {answer.get('team')}")
    headers = {key.lower(): value for key, value in dict(answer.headers or {}).items()}
    granted = set(str(headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    yield _scopes(granted)
    yield _clock(str(headers.get("date", "")))
    for finding in await sign_in_findings(settings, world, granted):
        yield finding


def _scopes(granted: set[str]) -> Finding:
    scopes = load_manifest()["oauth_config"]["scopes"]
    missing = sorted(set(scopes["bot"]) - granted)
    if missing:
        return Finding(
            "Slack scopes", BAD, f"missing: {', '.join(missing)}. Update the app's manifest and reinstall it"
        )
    optional = sorted(set(scopes.get("bot_optional", [])) - granted)
    costs = [f"without {', '.join(lost)} {cost}" for end, cost in COSTS.items() if (lost := _ending(end, optional))]
    return Finding("Slack scopes", GOOD, "; ".join(["all there", *costs]))


def _ending(end: str, scopes: list[str]) -> list[str]:
    return [scope for scope in scopes if scope.endswith(end)]


def _clock(date: str) -> Finding:
    try:
        off = abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return Finding("Clock", WEAK, "Slack did not say what time it is")
    if off > CLOCK_LIMIT:
        return Finding("Clock", BAD, f"{off:.0f} s off from Slack's: signed requests will be refused")
    return Finding("Clock", GOOD, f"within {max(1, round(off))} s of Slack's")


async def _provider(settings: Settings, world: Outside, provider: Provider) -> AsyncIterator[Finding]:
    try:
        presets = await provider.list_presets()
    except ProviderError as trouble:
        yield Finding(f"{provider.label} credentials", BAD, _advised(trouble, provider))
        return
    yield Finding(f"{provider.label} credentials", GOOD, "accepted")
    wanted = [name for name in (settings.host_preset, settings.guest_preset, settings.viewer_preset) if name]
    missing = [name for name in dict.fromkeys(wanted) if name not in presets]
    if missing:
        there = f"set HOST_PRESET and GUEST_PRESET to some of: {', '.join(sorted(presets))}"
        advice = there if presets else "there are none yet, make them in the provider's dashboard"
        yield Finding(f"{provider.label} presets", BAD, f"no {' and no '.join(missing)}: {advice}")
    else:
        yield Finding(f"{provider.label} presets", GOOD, ", ".join(wanted))
    for finding in await webhook_findings(settings, world, provider):
        yield finding


def _advised(trouble: ProviderError, provider: Provider) -> str:
    if isinstance(trouble, ProviderUnavailable):
        return str(trouble)
    return f"{trouble}: check {', '.join(name.upper() for name in CREDENTIALS[provider.name])}"


def _ways_in(settings: Settings) -> Finding:
    if settings.join_url_template:
        door = "by a personal page" if settings.public_url else "by a link in a private answer (no PUBLIC_URL)"
        return Finding("Joining", GOOD, f"{door}, on the page of JOIN_URL_TEMPLATE")
    if not settings.public_url:
        return Finding("Joining", BAD, "nobody can join: set PUBLIC_URL to where people reach this bot by https")
    return _own_page(settings, settings.public_url)


def _own_page(settings: Settings, public_url: str) -> Finding:
    if urlsplit(public_url).scheme != "https" and urlsplit(public_url).hostname not in {"localhost", "127.0.0.1"}:
        return Finding("Joining", BAD, "PUBLIC_URL begins with http://, and browsers give no camera there: use https")
    directory = settings.sdk_dir.expanduser()
    names = [name for name, fields in CREDENTIALS.items() if all(getattr(settings, field) for field in fields)]
    parts = [(SDKS[name], part) for name in names for part in SDKS[name].parts]
    broken = [sdk.address(part) for sdk, part in parts if not is_whole(sdk, part, directory)]
    if broken:
        return Finding(
            "Joining",
            BAD,
            f"nobody can join: run `greenroom sdk install`, which fills {directory} with {', '.join(broken)}; "
            "or set JOIN_URL_TEMPLATE to a page that takes a token",
        )
    return Finding("Joining", GOOD, "on the bot's own page")

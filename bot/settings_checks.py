"""What a setting's value must be like, and the sentences that say so; no sentence repeats a value."""

import math
import re
from collections.abc import Mapping
from string import Formatter
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr, ValidationError

from bot.storage_checks import OFF, ON, about_profile, storage_problems

SLACK_APP = "api.slack.com/apps, your app"
WHERE = {
    "slack_signing_secret": f"{SLACK_APP}, Basic Information, Signing Secret",
    "slack_bot_token": f"{SLACK_APP}, OAuth & Permissions, Bot User OAuth Token (xoxb-…)",
    "slack_client_id": f"{SLACK_APP}, Basic Information, Client ID",
    "slack_client_secret": f"{SLACK_APP}, Basic Information, Client Secret",
    "realtimekit_account_id": "dash.cloudflare.com, Account home, the menu beside the account's name, Copy account ID",
    "realtimekit_app_id": "dash.cloudflare.com, Realtime, RealtimeKit, your app, App ID",
    "realtimekit_api_token": "dash.cloudflare.com, My Profile, API Tokens, a token with the permission Realtime",
    "dyte_org_id": "dev.dyte.io, API Keys, Organization ID",
    "dyte_api_key": "dev.dyte.io, API Keys, API Key",
}
"""Where each thing that has no default is to be found."""

CREDENTIALS: Mapping[str, tuple[str, ...]] = {
    "realtimekit": ("realtimekit_account_id", "realtimekit_app_id", "realtimekit_api_token"),
    "dyte": ("dyte_org_id", "dyte_api_key"),
}
"""What each provider cannot do without; in the order in which a default is chosen."""

SIGN_IN = ("slack_client_id", "slack_client_secret")
"""Both or neither."""

SLACK_PREFIXES = {
    "xoxb-": ("a bot token", "SLACK_BOT_TOKEN"),
    "xapp-": ("an app-level token", "SLACK_APP_TOKEN"),
    "xoxp-": ("a person's token", "no setting of this bot"),
}
RIGHT_PREFIX = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-", "slack_signing_secret": ""}

REDIS_SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster")
"""What redis-py and pydocket both speak."""


# ---------------------------------------------------------------- one value at a time


def _parts(value: str) -> SplitResult | None:
    """Take an address apart; None where that cannot be done, and nothing of it is repeated."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts


def web_address(value: str) -> str:
    """Take an http or https address; a slash at its end is not kept."""
    parts = _parts(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", value):
        raise ValueError("must be a web address that begins with https:// or http://")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("must be an address without ?, # and @")
    return value.rstrip("/")


def slack_address(value: str) -> str:
    """Take an http or https address, with a slash at its end."""
    return web_address(value) + "/"  # slack_sdk joins a method's name to it, which needs the slash


def not_dyte_v1(value: str) -> str:
    """Refuse the API that Dyte had before v2."""
    if "v1" in urlsplit(value).path.split("/"):
        raise ValueError(
            "is Dyte's API v1, which this bot does not speak: v1 and v2 are separate worlds, "
            "and v1's keys and objects do not work in v2; use https://api.dyte.io/v2 with a key made for it"
        )
    return value


def command(value: str) -> str:
    """Take a slash command's name as Slack does."""
    if not re.fullmatch(r"/\S{1,31}", value):
        raise ValueError("must begin with / and have no blanks and at most 32 characters, as Slack demands")
    return value


def join_template(value: str) -> str:
    """Take an address with a place for the token."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise ValueError("has a { or } that does not belong to {meeting_id} or {token}") from error
    if "token" not in names:
        raise ValueError("must hold {token}, or nobody could join with it")
    if names - {"token", "meeting_id"}:
        raise ValueError("may hold {meeting_id} and {token}, and no other {…}")
    parts = _parts(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address that begins with https:// or http://")
    return value


def redis_address(value: str) -> str:
    """Take every address that both redis-py and pydocket can connect to."""
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in REDIS_SCHEMES:
        raise ValueError("must begin with one of " + ", ".join(f"{known}://" for known in REDIS_SCHEMES))
    if scheme == "unix" and not re.match(r"([^/]*@)?/.", rest):
        raise ValueError("must give the socket's whole path, as in unix:///run/redis/redis.sock")
    if scheme.endswith("+sentinel") and not re.match(r"[^/]+/[^/?]", rest):
        raise ValueError("must name hosts and service, as in redis+sentinel://one:26379,two:26379/mymaster/0")
    if scheme.startswith("redis") and not re.match(r"([^/]*@)?[^/?@:]", rest):
        raise ValueError("must name a host, as in redis://localhost:6379/0")
    if not scheme.endswith("+sentinel") and _parts(value) is None:
        raise ValueError("has a port that is no port")
    return value


def public_key(value: str) -> str:
    """Take a PEM, also one that stands on a single line as env files have it."""
    value = value.replace("\\n", "\n")
    if "-----BEGIN PUBLIC KEY-----" not in value:
        raise ValueError("must be a PEM that begins with -----BEGIN PUBLIC KEY-----")
    return value


def path_secret(value: SecretStr) -> SecretStr:
    """Take what can stand in a path as it is."""
    if not re.fullmatch(r"[\w.~-]+", value.get_secret_value(), re.ASCII):
        raise ValueError("becomes a part of a web address: letters, digits and . _ ~ - only")
    return value


def on_or_off(value: object) -> object:
    """Take ``on`` and ``off`` in the spellings that people use."""
    if isinstance(value, bool):
        return value
    if str(value).lower() not in ON | OFF:
        raise ValueError("must be on or off")
    return str(value).lower() in ON


def seconds(value: float) -> float:
    """Take a length of time that passes."""
    if not (value > 0 and math.isfinite(value)):
        raise ValueError("must be a number of seconds above 0")
    return value


# ---------------------------------------------------------------- values that must fit together


def _name(field: str) -> str:
    return field.upper()


def _missing(field: str) -> str:
    return f"{_name(field)} is missing: {WHERE[field]}"


def _credentials(provider: str) -> str:
    """Name what a provider cannot do without, and the site where it is to be found."""
    fields = CREDENTIALS[provider]
    return f"{', '.join(map(_name, fields))} ({WHERE[fields[-1]].partition(',')[0]})"


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")


def default_provider(values: Mapping[str, Any]) -> str:
    """Choose the provider that is configured; the first of them when several are."""
    complete = (name for name, fields in CREDENTIALS.items() if all(values.get(field) for field in fields))
    return next(complete, next(iter(CREDENTIALS)))


def _provider_problems(values: Mapping[str, Any]) -> list[str]:
    touched: set[object] = {name for name, fields in CREDENTIALS.items() if any(values.get(field) for field in fields)}
    asked = values.get("provider")
    if asked in CREDENTIALS:
        touched.add(asked)
    if not touched:
        return [f"No video provider is configured: set {'; or '.join(map(_credentials, CREDENTIALS))}"]
    return [
        _missing(field)
        for name, fields in CREDENTIALS.items()
        if name in touched
        for field in fields
        if not values.get(field)
    ]


def _swapped_tokens(values: Mapping[str, Any]) -> list[str]:
    parts = _parts(str(values.get("slack_api_url") or "https://slack.com"))
    if parts is None or not re.search(r"(^|\.)slack(-gov)?\.com$", parts.hostname or ""):
        return []  # another Slack, such as the playground's, may call its tokens what it likes
    return [
        f"{_name(field)} holds {what}, which belongs in {place}"
        for field, right in RIGHT_PREFIX.items()
        for prefix, (what, place) in SLACK_PREFIXES.items()
        if prefix != right and _plain(values.get(field)).startswith(prefix)
    ]


def _command_clash(values: Mapping[str, Any]) -> list[str]:
    if values.get("slack_meet_command", "/meet") != values.get("slack_record_command", "/record"):
        return []
    return ["SLACK_MEET_COMMAND and SLACK_RECORD_COMMAND are the same, they need two names"]


def _sign_in_pair(values: Mapping[str, Any]) -> list[str]:
    """Nobody can sign in with one half of a pair."""
    given = [field for field in SIGN_IN if values.get(field)]
    return [_missing(field) for field in SIGN_IN if field not in given] if given else []


def _no_viewers(values: Mapping[str, Any]) -> list[str]:
    if values.get("viewer_preset"):
        return []
    chosen = (name for name in ("guests_may", "outsiders_may") if str(values.get(name)).lower() == "view")
    return [
        f"{_name(name)}=view needs VIEWER_PRESET, a preset in which people watch and listen alone" for name in chosen
    ]


def fit_together(values: Mapping[str, Any]) -> list[str]:
    """Say what is wrong among values that may each be right."""
    return [
        *_provider_problems(values),
        *_swapped_tokens(values),
        *_command_clash(values),
        *storage_problems(values),
        *_sign_in_pair(values),
        *_no_viewers(values),
    ]


def _sentence(field: str, kind: str, message: str) -> str:
    if kind == "missing" and field in WHERE:
        return _missing(field)
    return f"{_name(field)} {message[:1].lower()}{message[1:]}"


def sentences(error: ValidationError) -> list[str]:
    """Say each of pydantic's findings in a sentence that does not repeat the value."""
    said = []
    for found in error.errors(include_input=False, include_url=False):
        field, *place = found["loc"]
        message = str(found.get("ctx", {}).get("error", found["msg"])).replace("Input should", "should")
        told = about_profile(place, found["type"], message) if place else _sentence(str(field), found["type"], message)
        said.append(told)
    return said

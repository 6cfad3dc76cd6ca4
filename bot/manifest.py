"""The app manifest: what Slack has to know of this bot, with a deployment's own addresses in it."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
PLACES = (HERE / "manifest.yml", HERE.parent / "manifest.yml")
"""Inside the installed package, or at the top of a checkout."""

Manifest = dict[str, Any]


def load_manifest() -> Manifest:
    """Read the manifest as it is shipped."""
    place = next(place for place in PLACES if place.exists())
    found: Manifest = yaml.safe_load(place.read_text(encoding="utf-8"))
    return found


def commands(manifest: Manifest) -> list[dict[str, str]]:
    """Give the slash commands, each with its description and hint."""
    return list(manifest["features"]["slash_commands"])


def for_deployment(manifest: Manifest, *, url: str | None, meet: str, record: str) -> Manifest:
    """Put a deployment's address and command names in.

    Args:
        manifest: as shipped.
        url: where Slack reaches the bot; None for Socket Mode.
        meet: the name of the first command.
        record: the name of the second.

    """
    mine = deepcopy(manifest)
    names = {"/meet": meet, "/record": record}
    interactivity = mine["settings"]["interactivity"]
    for command in commands(mine):
        command["command"] = names[command["command"]]
        _point(command, "url", url)
    _point(interactivity, "request_url", url)
    if url:
        mine["oauth_config"]["redirect_urls"] = [f"{url.rstrip('/')}/signin/callback"]
    mine["settings"]["socket_mode_enabled"] = url is None
    return mine


def _point(entry: dict[str, Any], key: str, url: str | None) -> None:
    if url is None:
        entry.pop(key, None)
    else:
        entry[key] = f"{url.rstrip('/')}/slack/events"


def as_yaml(manifest: Manifest) -> str:
    """Write a manifest out as Slack's form takes it."""
    return str(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100))

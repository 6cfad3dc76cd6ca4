"""The app manifest is one that Slack takes, and asks for no more than the bot needs."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
EVENTS = "https://greenroom.example.com/slack/events"


@pytest.fixture
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8")))


@pytest.fixture
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads((ROOT / "tests/slack/manifest.schema.1.0.0.json").read_bytes()))


def test_slacks_own_schema_accepts_it(manifest: dict[str, Any], validator: jsonschema.Draft7Validator) -> None:
    assert [error.message for error in validator.iter_errors(manifest)] == []


def test_the_schema_would_find_a_mistake(manifest: dict[str, Any], validator: jsonschema.Draft7Validator) -> None:
    manifest["features"]["slash_commands"][0]["command"] = "meet"
    manifest["display_information"]["name"] = "G" * 36

    assert len(list(validator.iter_errors(manifest))) == 2


def test_the_commands_are_the_settings_defaults_and_come_with_people_escaped(manifest: dict[str, Any]) -> None:
    commands = manifest["features"]["slash_commands"]
    defaults = [Settings.model_fields[f"slack_{name}_command"].default for name in ("meet", "record")]

    assert [command["command"] for command in commands] == defaults
    assert all(command["should_escape"] for command in commands)
    assert all(command["description"] and command["usage_hint"] for command in commands)


def test_everything_slack_sends_comes_to_one_address(manifest: dict[str, Any]) -> None:
    commands = manifest["features"]["slash_commands"]

    assert {command["url"] for command in commands} == {EVENTS}
    assert manifest["settings"]["interactivity"] == {"is_enabled": True, "request_url": EVENTS}


def test_the_scopes_are_the_ones_the_bot_uses(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {
        "bot": ["commands", "chat:write", "chat:write.public", "users:read"],
        "bot_optional": [
            *("channels:history", "groups:history", "im:history", "mpim:history"),
            *("channels:read", "groups:read", "im:read", "mpim:read"),
            "usergroups:read",
            "calls:write",
        ],
    }


def test_what_cannot_be_undone_is_off(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]

    assert [settings[name] for name in ("token_rotation_enabled", "org_deploy_enabled", "socket_mode_enabled")] == [
        False,
        False,
        False,
    ]
    assert "event_subscriptions" not in settings

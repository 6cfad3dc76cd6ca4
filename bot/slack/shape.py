"""Whether a payload has the shape that Slack gives it, as far as anything here leans on that.

Source: docs.slack.dev, the payload of each kind of interaction, and of the Events API.
"""

from collections.abc import Mapping
from typing import Any

OBJECTS = ("channel", "container", "enterprise", "event", "message", "team", "user", "view")
LISTS = ("actions", "authorizations")
WORDS = (
    "action_id",
    "callback_id",
    "channel_id",
    "command",
    "event_id",
    "response_url",
    "team_id",
    "text",
    "trigger_id",
    "type",
    "user_id",
)


def has_slacks_shape(payload: Mapping[str, Any]) -> bool:
    """Tell whether what is there is an object, a list of objects or a word where Slack puts one."""
    return (
        all(isinstance(payload.get(name) or {}, Mapping) for name in OBJECTS)
        and all(isinstance(payload[name], str) for name in WORDS if payload.get(name) is not None)
        and all(_are_objects(payload.get(name) or []) for name in LISTS)
        and (payload.get("type") != "block_actions" or _are_named(payload.get("actions")))
    )


def _are_objects(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(each, Mapping) for each in found)


def _are_named(clicked: list[Mapping[str, Any]] | None) -> bool:
    """Tell whether something was clicked; Bolt looks at the first without asking."""
    return bool(clicked) and all(isinstance(each.get("action_id"), str) for each in clicked or [])

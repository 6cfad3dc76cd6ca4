"""Whether a payload has the shape that Slack gives it, as far as anything here leans on that.

Source: docs.slack.dev, the payload of each kind of interaction, and of the Events API.
"""

from collections.abc import Iterable, Mapping
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

FORMS = ("view_closed", "view_submission")
"""The kinds that are about a form, so that there must be one."""


def has_slacks_shape(payload: Mapping[str, Any]) -> bool:
    """Tell whether what is there is an object, a list of objects or a word where Slack puts one."""
    return (
        all(isinstance(each, Mapping) for each in _there(payload, OBJECTS))
        and all(isinstance(each, str) for each in _there(payload, WORDS))
        and all(_are_objects(each) for each in _there(payload, LISTS))
        and (payload.get("type") != "block_actions" or _are_named(payload.get("actions")))
        and _are_objects(payload.get("response_urls", []))
        and len(payload.get("response_urls", [])) <= 1  # Bolt trips over a second one, and no form of ours asks for any
        and (payload.get("type") not in FORMS or isinstance(payload.get("view"), Mapping))
    )


def _there(payload: Mapping[str, Any], names: Iterable[str]) -> list[object]:
    """Give those of these values that are there; null is as good as nothing."""
    return [payload[name] for name in names if payload.get(name) is not None]


def _are_objects(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(each, Mapping) for each in found)


def _are_named(clicked: list[Mapping[str, Any]] | None) -> bool:
    """Tell whether something was clicked; Bolt looks at the first without asking."""
    return bool(clicked) and all(isinstance(each.get("action_id"), str) for each in clicked or [])

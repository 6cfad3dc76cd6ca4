"""What Slack sends for commands, clicks and events, field by field as in its published samples."""

import secrets
import time
from collections.abc import Iterator
from typing import Any

from playground.slack_blocks import elements_of
from playground.slack_objects import message_object, name_in_payload
from playground.slack_triggers import new_trigger_id
from playground.workspace import Block, Channel, Message, User, Workspace

VERIFICATION_TOKEN = "playground-verification-token"  # noqa: S105 - deprecated by Slack, checked by nobody

_SELECTED = {
    "overflow": "selected_option",
    "static_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
}
_ECHOED = ("type", "action_id", "text", "value", "url", "style", "confirm", "placeholder", "initial_option")


class NoSuchElement(LookupError):
    """Nobody could click there: the element is not in the message, or the message is not on that person's screen."""


def command_fields(
    workspace: Workspace,
    channel: Channel,
    user: User,
    command: str,
    text: str,
    response_url: str,
    trigger_id: str | None = None,
) -> dict[str, str]:
    """Write the form that a slash command sends; without a trigger of Slack's own, it has one that opens nothing."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": name_in_payload(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id or new_trigger_id(),
    }


def block_actions(
    workspace: Workspace,
    channel: Channel,
    user: User,
    message: Message,
    action: dict[str, Any],
    response_url: str,
    trigger_id: str | None = None,
) -> dict[str, Any]:
    """Write the payload of a click; one on an ephemeral message does not carry that message.

    Without a trigger of Slack's own, it has one that opens nothing.
    """
    hidden = message.ephemeral_for is not None
    place = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": hidden}
    if message.thread_ts is not None:
        place["thread_ts"] = message.thread_ts
    person = {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.team_id}
    shown = {} if hidden else {"message": message_object(workspace, message)}
    return {
        "type": "block_actions",
        "user": person,
        "api_app_id": workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "container": place,
        "trigger_id": trigger_id or new_trigger_id(),
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": name_in_payload(channel)},
        **shown,
        "state": {"values": _state(message.blocks, action)},
        "response_url": response_url,
        "actions": [action],
    }


def find_element(
    blocks: tuple[Block, ...], action_id: str, block_id: str | None, value: str | None
) -> tuple[Block, dict[str, Any]]:
    """Find what was clicked and the block that holds it.

    Raises:
        NoSuchElement: there is none with that action id (and block id, and value).

    """
    for block, part in _elements(blocks):
        wanted = part["action_id"] == action_id and block_id in (None, block["block_id"])
        if wanted and value in (None, part.get("value")):
            return block, part
    raise NoSuchElement(f"No element {action_id!r} to click (block {block_id!r}, value {value!r})")


def action_of(block: Block, part: dict[str, Any], selected: str | None) -> dict[str, Any]:
    """Write the action that using an element sends; menus need to be told what was ``selected``."""
    action = {name: part[name] for name in _ECHOED if name in part}
    action |= {"block_id": block["block_id"], "action_ts": f"{time.time():.6f}"}
    if part["type"] in _SELECTED:
        action[_SELECTED[part["type"]]] = _choice(part, selected)
    return action


def _choice(part: dict[str, Any], selected: str | None) -> Any:
    if part["type"] not in {"overflow", "static_select"}:
        return selected
    groups = part.get("option_groups", [])
    for option in part.get("options") or [one for group in groups for one in group["options"]]:
        if option["value"] == selected:
            return option
    raise NoSuchElement(f"{part['action_id']!r} has no option {selected!r}")


def _elements(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, dict[str, Any]]]:
    return ((block, part) for block in blocks for part in elements_of(block))


def _state(blocks: tuple[Block, ...], action: dict[str, Any]) -> dict[str, Any]:
    """Write what the message's menus are set to; buttons and overflow menus have no state."""
    values: dict[str, Any] = {}
    for block, part in _elements(blocks):
        if part["type"] in {"button", "overflow"}:
            continue
        name = _SELECTED[part["type"]]
        used = (block["block_id"], part["action_id"]) == (action["block_id"], action["action_id"])
        now = action[name] if used else part.get(name.replace("selected", "initial"))
        values.setdefault(block["block_id"], {})[part["action_id"]] = {"type": part["type"], name: now}
    return values


def event_callback(workspace: Workspace, event: dict[str, Any]) -> dict[str, Any]:
    """Wrap an event the way the Events API sends it."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(16)}",
    }

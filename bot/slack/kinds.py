"""What a payload is called in the log and in metrics: few kinds, and no name that anybody could have typed."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from bot.slack.text import first_word

COMMAND, OTHER = "command", "other"
KINDS: Mapping[str, str] = {
    "block_actions": "button",
    "event_callback": "event",
    "message_action": "shortcut",
    "shortcut": "shortcut",
    "view_closed": "form",
    "view_submission": "form",
}
"""Slack's types of interaction (docs.slack.dev, Interactivity), and what we call them."""

CHOICE = re.compile(r"([a-z_]{1,20})\|")
"""What the value of a menu's choice begins with."""

Words = Mapping[str, Collection[str]]
"""The words that each slash command knows."""


def kind_of(payload: Mapping[str, Any]) -> str:
    """Sort a payload: command, button, form, shortcut, event or other."""
    return COMMAND if "command" in payload else KINDS.get(str(payload.get("type")), OTHER)


def name_of(payload: Mapping[str, Any], words: Words) -> str:
    """Name what was pressed or typed; of what was typed only a word that the command knows."""
    kind = kind_of(payload)
    if kind == COMMAND:
        command, word = str(payload["command"]), first_word(str(payload.get("text", "")))
        return f"{command} {word}" if word in words.get(command, ()) else command
    if kind == "button":
        return ", ".join(map(_pressed, payload.get("actions", ())))
    if kind == "form":
        return str((payload.get("view") or {}).get("callback_id") or payload.get("type"))
    event = payload.get("event")
    return str(event.get("type") if isinstance(event, Mapping) else payload.get("callback_id") or payload.get("type"))


def _pressed(action: Mapping[str, Any]) -> str:
    """Name a button; of what was chosen from a menu, which choice it was, if that is one plain word."""
    option = action.get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    choice = CHOICE.match(value) if isinstance(value, str) else None
    return f"{action.get('action_id')} {choice[1]}" if choice else str(action.get("action_id"))

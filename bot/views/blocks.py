"""Block Kit pieces with Slack's limits built in, so that no title and no crowd can break a message.

Limits: docs.slack.dev, Block Kit reference, and the validators of slack_sdk 3.47.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.exchanged import Block

HEADER_MAX = 150
SECTION_MAX = 3000
BUTTON_MAX = 75
VALUE_MAX = 2000
CONFIRM_TITLE_MAX = 100
CONFIRM_TEXT_MAX = 300

Element = dict[str, Any]


def escape(text: str) -> str:
    """Make people's own words harmless in mrkdwn, so that a title cannot ping ``<!channel>``."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Shorten to at most ``limit`` characters, showing that something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clip_escaped(text: str, limit: int) -> str:
    """Escape, then shorten without cutting an entity in two."""
    escaped = escape(text)
    while len(escaped) > limit:
        text = text[: max(0, len(text) - max(1, (len(escaped) - limit) // 5 + 1))]
        escaped = escape(text) + "…"
    return escaped


def header(text: str) -> Block:
    """Draw a title, the only thing a screen reader takes for a heading."""
    return {"type": "header", "text": {"type": "plain_text", "text": clip(text, HEADER_MAX), "emoji": True}}


def section(mrkdwn: str) -> Block:
    """Draw a paragraph."""
    return {"type": "section", "text": _words(mrkdwn)}


def context(mrkdwn: str) -> Block:
    """Draw a line in small grey letters."""
    return {"type": "context", "elements": [_words(mrkdwn)]}


def _words(mrkdwn: str) -> Block:
    # Unless it is verbatim, Slack makes links and mentions of what looks like them in a title or a name (Text object).
    return {"type": "mrkdwn", "text": clip(mrkdwn, SECTION_MAX), "verbatim": True}


def actions(elements: Iterable[Element]) -> list[Block]:
    """Draw a row of buttons; none where there are none, because Slack refuses an empty row."""
    row = list(elements)
    return [{"type": "actions", "elements": row}] if row else []


def confirm(title: str, text: str, *, yes: str, no: str = "Cancel") -> Element:
    """Ask before a click counts."""
    return {
        "title": {"type": "plain_text", "text": clip(title, CONFIRM_TITLE_MAX)},
        "text": {"type": "plain_text", "text": clip(text, CONFIRM_TEXT_MAX)},
        "confirm": {"type": "plain_text", "text": clip(yes, 30)},
        "deny": {"type": "plain_text", "text": clip(no, 30)},
        "style": "danger",
    }


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    about: str | None = None,
    url: str | None = None,
    confirm: Element | None = None,
) -> Element:
    """Draw a button.

    Args:
        label: verb and object.
        action_id: which listener answers.
        value: what it is about; ids, never state.
        style: ``primary``, ``danger`` or none.
        about: what several buttons of the same label differ in, read out by screen readers.
        url: a page the click opens as well.
        confirm: the question to ask first.

    """
    element: Element = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(label, BUTTON_MAX), "emoji": True},
        "action_id": action_id,
        "value": value,
    }
    optional = {
        "style": style,
        "url": url,
        "confirm": confirm,
        "accessibility_label": clip(f"{label}: {about}", BUTTON_MAX) if about else None,
    }
    return element | {key: given for key, given in optional.items() if given is not None}


def overflow(action_id: str, options: Sequence[tuple[str, str]], *, confirm: Element | None = None) -> Element:
    """Draw a ``⋯`` menu of (label, value); a value has at most 150 characters."""
    element: Element = {
        "type": "overflow",
        "action_id": action_id,
        "options": [
            {"text": {"type": "plain_text", "text": clip(label, BUTTON_MAX)}, "value": value}
            for label, value in options
        ],
    }
    return element | ({"confirm": confirm} if confirm else {})

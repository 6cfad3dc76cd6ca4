"""When something was sent, as far as Slack tells, and else when it arrived here."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

RECEIVED = "greenroom_received"
"""Our own field in a payload that was written down: the time at which it arrived."""

BELIEVED = timedelta(hours=1)
"""How long a click can be on its way: Slack gives up much sooner."""


def sent_at(payload: Mapping[str, Any]) -> datetime | None:
    """Give the time of a click (``action_ts``), else that of its arrival; None where neither can be read.

    Commands carry no time of their own (docs.slack.dev, Slash commands, "Command payload").
    """
    actions = payload.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    clicked = _seconds(first.get("action_ts")) if isinstance(first, Mapping) else None
    received = _stamp(payload.get(RECEIVED))
    return clicked if clicked and received and clicked <= received <= clicked + BELIEVED else received


def _seconds(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _stamp(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else None

"""How the simulated Slack says no, and the arguments of a Web API call."""

import json
from collections.abc import Mapping
from typing import Any

from playground.slack_blocks import problems_with
from playground.workspace import Block


class SlackError(Exception):
    """A refusal of the Web API: the ``error`` code and whatever else the answer says beside it."""

    def __init__(self, error: str, *, retry_after: int | None = None, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after
        self.details = details

    @property
    def status(self) -> int:
        """Give the HTTP status, which is 200 for everything but a rate limit."""
        return 200 if self.retry_after is None else 429

    def answer(self) -> dict[str, Any]:
        """Give the body of the answer."""
        return {"ok": False, "error": self.error, **self.details}


class Arguments:
    """What a call was given, whether as a form, a query or JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """Read a string, empty when it was not given."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def optional(self, name: str) -> str | None:
        """Read a string that may be missing; an empty one counts as missing."""
        return self.text(name) or None

    def required(self, name: str, error: str) -> str:
        """Read a string, or refuse with ``error``."""
        value = self.text(name)
        if not value:
            raise SlackError(error)
        return value

    def flag(self, name: str) -> bool | None:
        """Read a boolean the way Slack takes them: true, 1, "true", "1"."""
        value = self.values.get(name)
        return None if value is None else str(value).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """Read a whole number."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def structure(self, name: str, error: str) -> Any:
        """Read JSON, which arrives as text in a form and as itself in a JSON body."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def blocks(self) -> list[Block]:
        """Read the blocks; refuse what is not a list with invalid_blocks_format, and bad ones with invalid_blocks."""
        blocks = self.structure("blocks", "invalid_blocks_format")
        if blocks is None:
            return []
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        if problems := problems_with(blocks):
            messages = [f"[ERROR] {problem}" for problem in problems]
            raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": messages})
        return blocks

    def metadata(self) -> dict[str, Any] | None:
        """Read the message's metadata; an empty object means none."""
        metadata = self.structure("metadata", "invalid_metadata_format")
        if metadata is None or metadata == {}:
            return None
        if not isinstance(metadata, dict):
            raise SlackError("invalid_metadata_format")
        if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
            raise SlackError("invalid_metadata_schema")
        return metadata

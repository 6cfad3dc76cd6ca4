"""Which views Slack takes: a title, blocks within its limits, and a button to submit where there are questions."""

import json
from collections.abc import Sequence
from typing import Any

from playground import slack_limits as limits
from playground.slack_blocks import block_problems, repeated_ids
from playground.slack_elements import PLAIN, Problems, known, say, string, text
from playground.slack_errors import SlackError
from playground.slack_inputs import question

_FIELDS = {
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
}
NOT_IN_VIEWS = {"call"}


def taken_view(value: Any) -> dict[str, Any]:
    """Give a view that Slack takes; refuse any other the way Slack does."""
    if not isinstance(value, dict):
        raise _refused(["must provide an object [json-pointer:/view]"])
    if len(json.dumps(value)) > limits.VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = list(_problems(value))
    if problems:
        raise _refused(problems)
    return value


def _refused(problems: list[str]) -> SlackError:
    return SlackError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]}
    )


def _problems(view: dict[str, Any]) -> Problems:
    if view.get("type") != "modal":
        yield say("must be one of: modal", "/view/type")
    yield from text(view.get("title"), limits.VIEW_TITLE, "/view/title", PLAIN)
    for name in ("submit", "close"):
        if name in view:
            yield from text(view[name], limits.VIEW_TITLE, f"/view/{name}", PLAIN)
    yield from string(view, "private_metadata", limits.VIEW_PRIVATE, "/view")
    for name in ("callback_id", "external_id"):
        yield from string(view, name, limits.VIEW_ID, "/view")
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        if not isinstance(view.get(name, False), bool):
            yield say("must be a boolean", f"/view/{name}")
    yield from known(view, _FIELDS, "/view")
    if not isinstance(view.get("blocks"), list):
        yield say("missing required field: blocks", "/view")
        return
    yield from _blocks(view["blocks"], has_submit="submit" in view)


def _blocks(blocks: Sequence[Any], *, has_submit: bool) -> Problems:
    if len(blocks) > limits.VIEW_BLOCKS:
        yield say(f"no more than {limits.VIEW_BLOCKS} items allowed", "/view/blocks")
    for index, block in enumerate(blocks):
        at = f"/view/blocks/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind in NOT_IN_VIEWS:
            yield say(f"unsupported type: {kind}", f"{at}/type")
        yield from question(block, at) if kind == "input" else block_problems(block, at)
    whole = [block for block in blocks if isinstance(block, dict)]
    yield from repeated_ids(whole)
    if any(block.get("type") == "input" for block in whole) and not has_submit:
        yield say("missing required field: submit", "/view")
    focused = [block for block in whole if (block.get("element") or {}).get("focus_on_load")]
    if len(focused) > 1:
        yield say("focus_on_load must be set on one element at most", "/view/blocks")

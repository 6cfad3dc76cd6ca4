"""Which blocks Slack takes in a message, and what it does with them: give them ids, read a text out of them."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from playground import slack_limits as limits
from playground.slack_elements import (
    PLAIN,
    Problems,
    address,
    context_element,
    element,
    image,
    is_interactive,
    known,
    say,
    string,
    text,
)
from playground.workspace import Block


def problems_with(blocks: Sequence[Any]) -> list[str]:
    """List everything for which Slack would answer invalid_blocks; an empty list means that it takes them."""
    return list(_all_problems(blocks))


def _all_problems(blocks: Sequence[Any]) -> Problems:
    if len(blocks) > limits.MESSAGE_BLOCKS:
        yield say(f"no more than {limits.MESSAGE_BLOCKS} items allowed", "/blocks")
    for index, block in enumerate(blocks):
        yield from block_problems(block, f"/blocks/{index}")
    whole = [block for block in blocks if isinstance(block, dict)]
    yield from repeated_ids(whole)
    markdown = sum(len(str(block.get("text", ""))) for block in whole if block.get("type") == "markdown")
    if markdown > limits.MESSAGE_MARKDOWN:
        yield say(f"markdown must be less than {limits.MESSAGE_MARKDOWN + 1} characters in total", "/blocks")


def block_problems(value: Any, at: str) -> Problems:
    """Check one block of a message."""
    if not isinstance(value, dict):
        yield say("must provide an object", at)
        return
    check = _BLOCKS.get(str(value.get("type")))
    if check is None:
        yield say(f"unsupported type: {value.get('type')}", f"{at}/type")
        return
    yield from check(value, at)
    yield from string(value, "block_id", limits.BLOCK_ID, at)


def repeated_ids(blocks: Sequence[Block]) -> Problems:
    """Refuse a ``block_id`` that two blocks have, and an ``action_id`` that two elements of a block have."""
    named = Counter(block["block_id"] for block in blocks if isinstance(block.get("block_id"), str))
    for block_id, times in named.items():
        if times > 1:
            yield say(f"`block_id` is not unique: {block_id}", "/blocks")
    for index, block in enumerate(blocks):
        actions = Counter(part["action_id"] for part in elements_of(block) if isinstance(part.get("action_id"), str))
        for action_id, times in actions.items():
            if times > 1:
                yield say(f"`action_id` is not unique: {action_id}", f"/blocks/{index}/elements")


def _header(value: Block, at: str) -> Problems:
    yield from text(value.get("text"), limits.HEADER_TEXT, f"{at}/text", PLAIN)
    yield from known(value, {"type", "block_id", "text"}, at)


def _section(value: Block, at: str) -> Problems:
    if "text" not in value and not value.get("fields"):
        yield say("must define either text or fields", at)
    if "text" in value:
        yield from text(value["text"], limits.SECTION_TEXT, f"{at}/text")
    yield from _fields(value.get("fields", []), f"{at}/fields")
    if "accessory" in value:
        yield from element(value["accessory"], f"{at}/accessory", image_too=True)
    yield from known(value, {"type", "block_id", "text", "fields", "accessory", "expand"}, at)


def _fields(value: Any, at: str) -> Problems:
    yield from _listed(
        value, at, limits.SECTION_FIELDS, lambda one, where: text(one, limits.SECTION_FIELD_TEXT, where), fewest=0
    )


def _listed(value: Any, at: str, most: int, check: Callable[[Any, str], Problems], *, fewest: int = 1) -> Problems:
    if not isinstance(value, list):
        yield say("must be an array", at)
        return
    if len(value) < fewest:
        yield say(f"must have at least {fewest} item", at)
    if len(value) > most:
        yield say(f"no more than {most} items allowed", at)
    for index, one in enumerate(value):
        yield from check(one, f"{at}/{index}")


def _context(value: Block, at: str) -> Problems:
    yield from _listed(value.get("elements"), f"{at}/elements", limits.CONTEXT_ELEMENTS, context_element)
    yield from known(value, {"type", "block_id", "elements"}, at)


def _actions(value: Block, at: str) -> Problems:
    yield from _listed(
        value.get("elements"),
        f"{at}/elements",
        limits.ACTIONS_ELEMENTS,
        lambda one, where: element(one, where, image_too=False),
    )
    yield from known(value, {"type", "block_id", "elements"}, at)


def _divider(value: Block, at: str) -> Problems:
    yield from known(value, {"type", "block_id"}, at)


def _image(value: Block, at: str) -> Problems:
    yield from image(value, at)
    if "title" in value:
        yield from text(value["title"], limits.IMAGE_TITLE, f"{at}/title", PLAIN)
    yield from known(value, {"type", "block_id", "image_url", "alt_text", "title", "slack_file"}, at)


def _input(value: Block, at: str) -> Problems:
    # Outside forms an input only makes sense where its changes are sent on at once.
    if value.get("dispatch_action") is not True:
        yield say("unsupported type: input", f"{at}/type")
    yield from text(value.get("label"), limits.INPUT_LABEL, f"{at}/label", PLAIN)
    yield from element(value.get("element"), f"{at}/element", image_too=False)


def _call(value: Block, at: str) -> Problems:
    yield from string(value, "call_id", limits.BLOCK_ID, at, required=True)


def _markdown(value: Block, at: str) -> Problems:
    yield from string(value, "text", limits.MESSAGE_MARKDOWN, at, required=True)


def _rich_text(value: Block, at: str) -> Problems:
    if not isinstance(value.get("elements"), list):
        yield say("must be an array", f"{at}/elements")


def _video(value: Block, at: str) -> Problems:
    for name in ("video_url", "thumbnail_url"):
        yield from address(value, name, at, required=True)
    yield from string(value, "alt_text", limits.ALT_TEXT, at, required=True)


_BLOCKS: dict[str, Callable[[Block, str], Problems]] = {
    "actions": _actions,
    "call": _call,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "video": _video,
}


# ---------------------------------------------------------------- what Slack does with good blocks


def elements_of(block: Block) -> Iterator[dict[str, Any]]:
    """Give the elements of a block that a person can use."""
    held = [block.get("accessory"), block.get("element")]
    elements = block.get("elements")
    held += elements if isinstance(elements, list) else []
    return (part for part in held if is_interactive(part))


def with_ids(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Copy the blocks, giving a block_id and action_ids to those without, as Slack does when it stores a message."""
    filled = deepcopy(list(blocks))
    for block in filled:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for part in elements_of(block):
            part.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return tuple(filled)


def fallback_text(blocks: Sequence[Block]) -> str:
    """Read the text that stands for blocks sent without any, out of those blocks."""
    said = [part for block in blocks for part in _texts(block)]
    return " ".join(said)[: limits.UPDATE_TEXT]


def _texts(block: Block) -> Iterator[str]:
    for part in (block.get("text"), *block.get("fields", [])):
        if isinstance(part, dict):
            yield str(part.get("text", ""))
        elif isinstance(part, str):
            yield part
    if block.get("type") == "context":
        yield from (str(part.get("text") or part.get("alt_text")) for part in block["elements"])

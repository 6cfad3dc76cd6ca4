"""What people put into a form: what Slack itself does not let them submit, and how it writes the rest down."""

from collections.abc import Mapping
from typing import Any

from playground.slack_inputs import as_number
from playground.workspace_values import Block

Answer = str | list[str] | None
"""What stands in an element: words, a number as typed, the value of an option, a person; or several of those."""

REQUIRED = "Please complete this required field."

_NAMES = {
    "plain_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
}
"""Where Slack writes an answer down, by kind of element."""

_SEVERAL = {"checkboxes", "multi_users_select"}


def questions(blocks: tuple[Block, ...]) -> dict[str, Block]:
    """Find the input blocks, by their ids."""
    return {block["block_id"]: block for block in blocks if block["type"] == "input"}


def initial(block: Block) -> Answer:
    """Give what stands in a question at first."""
    element = block["element"]
    if element["type"] == "checkboxes":
        return [option["value"] for option in element.get("initial_options", [])]
    if element["type"] == "multi_users_select":
        return list(element.get("initial_users", []))
    if "initial_option" in element:
        return str(element["initial_option"]["value"])
    first = (element.get(f"initial_{name}") for name in ("value", "user", "conversation"))
    return next((str(one) for one in first if one is not None), None)


def mistake(block: Block, answer: Answer) -> str | None:
    """Say what keeps an answer from being submitted; None where nothing does."""
    element = block["element"]
    if not answer or (isinstance(answer, str) and not answer.strip()):
        return None if block.get("optional") else REQUIRED
    match element["type"]:
        case "plain_text_input":
            return _length(element, str(answer))
        case "number_input":
            return _number(element, str(answer))
        case "multi_users_select" if len(answer) > element.get("max_selected_items", len(answer)):
            return f"Please choose {element['max_selected_items']} at most."
        case _:
            return None


def _length(element: Mapping[str, Any], words: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(words) < shortest:
        return f"Please use at least {shortest} characters."
    return f"Please use at most {longest} characters." if len(words) > longest else None


def _number(element: Mapping[str, Any], typed: str) -> str | None:
    decimal = element["is_decimal_allowed"]
    number = as_number(typed.strip(), decimal=decimal)
    if number is None:
        return "Please enter a number." if decimal else "Please enter a whole number."
    least, most = (as_number(element.get(name), decimal=True) for name in ("min_value", "max_value"))
    if least is not None and number < least:
        return f"Please enter a number of at least {element['min_value']}."
    return f"Please enter a number of at most {element['max_value']}." if most is not None and number > most else None


def written(block: Block, answer: Answer) -> dict[str, Any]:
    """Write an answer down as ``state.values`` has it.

    Raises:
        LookupError: it is none of the options.

    """
    element = block["element"]
    kind, name = element["type"], _NAMES[element["type"]]
    if kind in _SEVERAL:
        several = [answer] if isinstance(answer, str) else list(answer or [])
        value: Any = [_option(element, one) for one in several] if kind == "checkboxes" else several
    elif kind in {"static_select", "radio_buttons"}:
        value = _option(element, str(answer)) if answer else None
    else:
        value = str(answer).strip() if kind == "number_input" and answer else answer or None
    return {"type": kind, name: value}


def _option(element: Mapping[str, Any], value: str) -> Any:
    groups = element.get("option_groups", [])
    shown = element.get("options") or [one for group in groups for one in group["options"]]
    for option in shown:
        if option["value"] == value:
            return option
    raise LookupError(f"{element['action_id']!r} has no option {value!r}")

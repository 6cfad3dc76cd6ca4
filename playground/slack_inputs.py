"""What Slack demands of the elements that a form's questions are answered with."""

from collections.abc import Callable
from typing import Any

from playground import slack_limits as limits
from playground.slack_elements import (
    INTERACTIVE,
    PLAIN,
    Problems,
    interactive,
    known,
    options,
    say,
    string,
    text,
)
from playground.workspace_values import Block

_COMMON = {"type", "action_id", "focus_on_load"}


def question(value: Block, at: str) -> Problems:
    """Check an input block of a view."""
    yield from text(value.get("label"), limits.INPUT_LABEL, f"{at}/label", PLAIN)
    if "hint" in value:
        yield from text(value["hint"], limits.INPUT_HINT, f"{at}/hint", PLAIN)
    yield from _booleans(value, ("optional", "dispatch_action"), at)
    yield from string(value, "block_id", limits.BLOCK_ID, at)
    yield from _answer(value.get("element"), f"{at}/element")
    yield from known(value, {"type", "block_id", "label", "hint", "element", "optional", "dispatch_action"}, at)


def _answer(value: Any, at: str) -> Problems:
    if not isinstance(value, dict):
        yield say("must provide an object", at)
    elif value.get("type") in _INPUTS:
        check, own = _INPUTS[value["type"]]
        yield from check(value, at)
        yield from string(value, "action_id", limits.ACTION_ID, at)
        yield from _booleans(value, ("focus_on_load",), at)
        yield from known(value, _COMMON | own, at)
    elif value.get("type") in INTERACTIVE and value["type"] not in {"button", "overflow"}:
        yield from interactive(value, at)
        yield from _initial(value, at)
    else:
        yield say(f"unsupported type: {value.get('type')}", f"{at}/type")


def _booleans(value: dict[str, Any], names: tuple[str, ...], at: str) -> Problems:
    for name in names:
        if not isinstance(value.get(name, False), bool):
            yield say("must be a boolean", f"{at}/{name}")


def _plain_text_input(value: dict[str, Any], at: str) -> Problems:
    yield from _placeholder(value, at)
    yield from string(value, "initial_value", limits.INPUT_TEXT, at)
    yield from _booleans(value, ("multiline",), at)
    shortest, longest = value.get("min_length", 0), value.get("max_length", limits.INPUT_TEXT)
    for name, given, least in (("min_length", shortest, 0), ("max_length", longest, 1)):
        if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= limits.INPUT_TEXT:
            yield say(f"must be between {least} and {limits.INPUT_TEXT}", f"{at}/{name}")
            return
    if shortest > longest:
        yield say("min_length must be less than max_length", at)
    if not len(value.get("initial_value", "")) <= longest:
        yield say(f"must be less than {longest + 1} characters", f"{at}/initial_value")


def _number_input(value: dict[str, Any], at: str) -> Problems:
    yield from _placeholder(value, at)
    if not isinstance(value.get("is_decimal_allowed"), bool):
        yield say("missing required field: is_decimal_allowed", at)
    numbers = ("min_value", "max_value", "initial_value")
    for name in numbers:
        if name in value and as_number(value[name], decimal=bool(value.get("is_decimal_allowed"))) is None:
            yield say("must be a string that is a number", f"{at}/{name}")
    least, most, first = (as_number(value.get(name), decimal=True) for name in numbers)
    if least is not None and most is not None and least > most:
        yield say("min_value must be less than max_value", at)
    too_low = first is not None and least is not None and first < least
    too_high = first is not None and most is not None and first > most
    if too_low or too_high:
        yield say("initial_value is out of range", at)


def as_number(value: Any, *, decimal: bool) -> float | None:
    """Read a number that is written in a string; None where it is none."""
    if not isinstance(value, str) or not value.isascii() or len(value) > _DIGITS:
        return None
    try:
        number = float(value) if decimal else int(value)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


_DIGITS = 40


def _placeholder(value: dict[str, Any], at: str) -> Problems:
    if "placeholder" in value:
        yield from text(value["placeholder"], limits.PLACEHOLDER, f"{at}/placeholder", PLAIN)


def _ticks(value: dict[str, Any], at: str) -> Problems:
    yield from options(value.get("options"), f"{at}/options", limits.TICK_OPTIONS)
    yield from _initial(value, at)


def _initial(value: dict[str, Any], at: str) -> Problems:
    """Refuse what is chosen at first but is none of the options, letter by letter."""
    groups = value.get("option_groups", [])
    shown = value.get("options") or [one for group in groups for one in group.get("options", [])]
    if "initial_option" in value and value["initial_option"] not in shown:
        yield say("invalid initial_option: not one of the options", f"{at}/initial_option")
    if "initial_options" in value:
        first = value["initial_options"]
        if not isinstance(first, list) or not first or any(one not in shown for one in first):
            yield say("invalid initial_options: not among the options", f"{at}/initial_options")


def _multi_users_select(value: dict[str, Any], at: str) -> Problems:
    yield from _placeholder(value, at)
    first, most = value.get("initial_users", []), value.get("max_selected_items", 1)
    if not isinstance(first, list) or not all(isinstance(user, str) for user in first):
        yield say("must be an array of strings", f"{at}/initial_users")
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        yield say("must be at least 1", f"{at}/max_selected_items")


_INPUTS: dict[str, tuple[Callable[[dict[str, Any], str], Problems], set[str]]] = {
    "plain_text_input": (
        _plain_text_input,
        {"initial_value", "multiline", "min_length", "max_length", "placeholder", "dispatch_action_config"},
    ),
    "number_input": (
        _number_input,
        {"is_decimal_allowed", "initial_value", "min_value", "max_value", "placeholder", "dispatch_action_config"},
    ),
    "radio_buttons": (_ticks, {"options", "initial_option"}),
    "checkboxes": (_ticks, {"options", "initial_options"}),
    "multi_users_select": (_multi_users_select, {"initial_users", "max_selected_items", "placeholder"}),
}

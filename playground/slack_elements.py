"""What Slack demands of Block Kit's small parts: texts, options, confirmations and interactive elements.

Every check yields one line for each thing that is wrong, ending in a JSON pointer as Slack's own lines do.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from playground import slack_limits as limits

Problems = Iterator[str]
PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")
WEB = ("http://", "https://")


def say(problem: str, at: str) -> str:
    """Word a problem the way Slack does."""
    return f"{problem} [json-pointer:{at}]"


def known(value: dict[str, Any], allowed: set[str], at: str) -> Problems:
    """Refuse properties that do not belong there."""
    for name in value:
        if name not in allowed:
            yield say(f"invalid additional property: {name}", at)


def string(value: dict[str, Any], name: str, limit: int, at: str, *, required: bool = False) -> Problems:
    """Check a string property and its length."""
    if name not in value:
        if required:
            yield say(f"missing required field: {name}", at)
        return
    text = value[name]
    if not isinstance(text, str):
        yield say("must be a string", f"{at}/{name}")
    elif required and not text:
        yield say("must be more than 0 characters", f"{at}/{name}")
    elif len(text) > limit:
        yield say(f"must be less than {limit + 1} characters", f"{at}/{name}")


def address(value: dict[str, Any], name: str, at: str, *, required: bool = False) -> Problems:
    """Check a web address."""
    yield from string(value, name, limits.URL, at, required=required)
    url = value.get(name)
    if isinstance(url, str) and url and (not url.startswith(WEB) or any(sign.isspace() for sign in url)):
        yield say("invalid_url", f"{at}/{name}")


def text(value: Any, limit: int, at: str, kinds: tuple[str, ...] = ANY_TEXT) -> Problems:
    """Check a text object."""
    if not isinstance(value, dict):
        yield say("must provide an object", at)
        return
    if value.get("type") not in kinds:
        yield say(f"unsupported type: {value.get('type')}", f"{at}/type")
    yield from string(value, "text", limit, at, required=True)
    yield from known(value, {"type", "text", "emoji", "verbatim"}, at)


def options(value: Any, at: str, most: int) -> Problems:
    """Check a list of options."""
    if not isinstance(value, list) or not value:
        yield say("must have at least 1 option", at)
        return
    if len(value) > most:
        yield say(f"no more than {most} items allowed", at)
    for index, option in enumerate(value):
        yield from _option(option, f"{at}/{index}")


def _option(value: Any, at: str) -> Problems:
    if not isinstance(value, dict):
        yield say("must provide an object", at)
        return
    yield from text(value.get("text"), limits.OPTION_TEXT, f"{at}/text")
    yield from string(value, "value", limits.OPTION_VALUE, at, required=True)
    if "description" in value:
        yield from text(value["description"], limits.OPTION_TEXT, f"{at}/description")
    yield from address(value, "url", at)
    yield from known(value, {"text", "value", "description", "url"}, at)


def confirm(value: Any, at: str) -> Problems:
    """Check a confirmation dialog."""
    if not isinstance(value, dict):
        yield say("must provide an object", at)
        return
    yield from text(value.get("title"), limits.CONFIRM_TITLE, f"{at}/title", PLAIN)
    yield from text(value.get("text"), limits.CONFIRM_TEXT, f"{at}/text")
    for name in ("confirm", "deny"):
        yield from text(value.get(name), limits.CONFIRM_BUTTON, f"{at}/{name}", PLAIN)
    yield from _style(value, at)
    yield from known(value, {"title", "text", "confirm", "deny", "style"}, at)


def _style(value: dict[str, Any], at: str) -> Problems:
    if value.get("style", "primary") not in ("primary", "danger"):
        yield say("must be one of: primary, danger", f"{at}/style")


def _button(value: dict[str, Any], at: str) -> Problems:
    yield from text(value.get("text"), limits.BUTTON_TEXT, f"{at}/text", PLAIN)
    yield from string(value, "value", limits.BUTTON_VALUE, at)
    yield from string(value, "accessibility_label", limits.ACCESSIBILITY_LABEL, at)
    yield from address(value, "url", at)
    yield from _style(value, at)


def _overflow(value: dict[str, Any], at: str) -> Problems:
    yield from options(value.get("options"), f"{at}/options", limits.OVERFLOW_OPTIONS)


def _static_select(value: dict[str, Any], at: str) -> Problems:
    if ("options" in value) == ("option_groups" in value):
        yield say("must define either options or option_groups", at)
    elif "options" in value:
        yield from options(value["options"], f"{at}/options", limits.SELECT_OPTIONS)
    else:
        yield from _groups(value["option_groups"], f"{at}/option_groups")
    yield from _placeholder(value, at)


def _groups(value: Any, at: str) -> Problems:
    if not isinstance(value, list) or not value:
        yield say("must have at least 1 option group", at)
        return
    if len(value) > limits.SELECT_OPTIONS:
        yield say(f"no more than {limits.SELECT_OPTIONS} items allowed", at)
    for index, group in enumerate(value):
        where = f"{at}/{index}"
        if not isinstance(group, dict):
            yield say("must provide an object", where)
            continue
        yield from text(group.get("label"), limits.OPTION_TEXT, f"{where}/label", PLAIN)
        yield from options(group.get("options"), f"{where}/options", limits.SELECT_OPTIONS)


def _placeholder(value: dict[str, Any], at: str) -> Problems:
    if "placeholder" in value:
        yield from text(value["placeholder"], limits.PLACEHOLDER, f"{at}/placeholder", PLAIN)


def _image(value: dict[str, Any], at: str) -> Problems:
    yield from image(value, at)
    yield from known(value, {"type", "image_url", "alt_text", "slack_file"}, at)


def image(value: dict[str, Any], at: str) -> Problems:
    """Check what an image block and an image element have in common."""
    if "slack_file" not in value:
        yield from address(value, "image_url", at, required=True)
    yield from string(value, "alt_text", limits.ALT_TEXT, at, required=True)


_COMMON = {"type", "action_id", "confirm", "focus_on_load"}
_BUTTON = {"text", "url", "value", "style", "accessibility_label"}
_NEW_ON_BUTTONS = {"visible_to_user_ids", "agent_prompt", "agent_prompt_display"}
INTERACTIVE: dict[str, tuple[Callable[[dict[str, Any], str], Problems], set[str]]] = {
    "button": (_button, _BUTTON | _NEW_ON_BUTTONS),
    "overflow": (_overflow, {"options"}),
    "static_select": (_static_select, {"options", "option_groups", "placeholder", "initial_option"}),
    "users_select": (_placeholder, {"placeholder", "initial_user"}),
    "conversations_select": (_placeholder, {"placeholder", "initial_conversation", "default_to_current_conversation"}),
}


def interactive(value: dict[str, Any], at: str) -> Problems:
    """Check an element that a person can use."""
    check, own = INTERACTIVE[value["type"]]
    yield from check(value, at)
    yield from string(value, "action_id", limits.ACTION_ID, at)
    if "confirm" in value:
        yield from confirm(value["confirm"], f"{at}/confirm")
    yield from known(value, _COMMON | own, at)


def is_interactive(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether this is an element that a person can use."""
    return isinstance(value, dict) and isinstance(value.get("type"), str) and value["type"] in INTERACTIVE


def element(value: Any, at: str, *, image_too: bool) -> Problems:
    """Check an element of an actions block, or (with ``image_too``) a section's accessory."""
    if not isinstance(value, dict):
        yield say("must provide an object", at)
    elif is_interactive(value):
        yield from interactive(value, at)
    elif image_too and value.get("type") == "image":
        yield from _image(value, at)
    else:
        yield say(f"unsupported type: {value.get('type')}", f"{at}/type")


def context_element(value: Any, at: str) -> Problems:
    """Check an element of a context block: an image or a text."""
    if isinstance(value, dict) and value.get("type") == "image":
        yield from _image(value, at)
    else:
        yield from text(value, limits.CONTEXT_TEXT, at)

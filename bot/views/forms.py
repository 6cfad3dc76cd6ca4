"""Forms: a title, questions to answer, and what was answered.

Every question has a name, under which its answer is found again and its mistakes are shown. Limits: docs.slack.dev,
modals and Block Kit reference, and the validators of slack_sdk 3.47.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import ChannelId
from bot.exchanged import Block
from bot.views.blocks import Element, clip

TITLE_MAX = 24
LABEL_MAX = 2000
PLACEHOLDER_MAX = 150
OPTION_MAX = 75
OPTIONS_MAX = 100
TICKS_MAX = 10
TEXT_MAX = 3000
PRIVATE_MAX = 3000

OUT_OF_DATE = "This form is from another version of Greenroom. Please close it and open it again."


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is opened for one person.

    Args:
        callback_id: which listener is told when it is submitted.
        title: what it is for, in 24 characters.
        blocks: the questions, and words between them.
        submit_label: verb and object, in 24 characters.
        channel: where the person is, so that they are answered there.
        about: ids of what the form is about; given back with the answers.

    """

    callback_id: str
    title: str
    blocks: tuple[Block, ...]
    submit_label: str
    channel: ChannelId
    about: str = ""

    def view(self) -> dict[str, Any]:
        """Write the form as Slack takes it.

        Raises:
            ValueError: ``about`` is longer than Slack keeps.

        """
        private = json.dumps({"channel": self.channel, "about": self.about}, ensure_ascii=False)
        if len(private) > PRIVATE_MAX:
            raise ValueError(f"{len(private)} characters about a form are too many")
        return {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": _plain(self.title, TITLE_MAX),
            "submit": _plain(self.submit_label, TITLE_MAX),
            "close": _plain("Cancel", TITLE_MAX),
            "private_metadata": private,
            "blocks": list(self.blocks),
        }


@dataclass(frozen=True, slots=True)
class Option:
    """One of several answers: its words, what it is called in the answer, and a line that explains it."""

    label: str
    value: str
    explained: str | None = None


# ------------------------------------------------------------ questions


def text(
    name: str,
    label: str,
    *,
    value: str | None = None,
    hint: str | None = None,
    placeholder: str | None = None,
    optional: bool = False,
    lines: bool = False,
    shortest: int | None = None,
    longest: int = TEXT_MAX,
) -> Block:
    """Ask for words; for several lines of them with ``lines``."""
    element = {
        "type": "plain_text_input",
        "multiline": lines or None,
        "min_length": shortest,
        "max_length": min(longest, TEXT_MAX),
        "initial_value": value and value[: min(longest, TEXT_MAX)],
    }
    return _question(name, label, element, hint=hint, placeholder=placeholder, optional=optional)


def number(
    name: str,
    label: str,
    *,
    value: int | None = None,
    least: int | None = None,
    most: int | None = None,
    hint: str | None = None,
    placeholder: str | None = None,
    optional: bool = False,
) -> Block:
    """Ask for a whole number; Slack itself holds people to the limits, and what stands there at first too."""
    within = value is not None and (least is None or least <= value) and (most is None or value <= most)
    element = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(value) if within else None,
        "min_value": None if least is None else str(least),
        "max_value": None if most is None else str(most),
    }
    return _question(name, label, element, hint=hint, placeholder=placeholder, optional=optional)


def choice(
    name: str,
    label: str,
    options: Sequence[Option],
    *,
    chosen: str | None = None,
    hint: str | None = None,
    placeholder: str | None = None,
    optional: bool = False,
) -> Block:
    """Ask for one of up to a hundred, from a menu."""
    element = {"type": "static_select", **_one_of(options[:OPTIONS_MAX], chosen)}
    return _question(name, label, element, hint=hint, placeholder=placeholder, optional=optional)


def radio(
    name: str,
    label: str,
    options: Sequence[Option],
    *,
    chosen: str | None = None,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    """Ask for one of up to ten, all of them in view."""
    element = {"type": "radio_buttons", **_one_of(options[:TICKS_MAX], chosen)}
    return _question(name, label, element, hint=hint, optional=optional)


def checkboxes(
    name: str,
    label: str,
    options: Sequence[Option],
    *,
    ticked: Collection[str] = (),
    hint: str | None = None,
    optional: bool = True,
) -> Block:
    """Ask which of up to ten; none may be right, unless the question is not optional."""
    shown = [_option(option) for option in options[:TICKS_MAX]]
    on = [option for option in shown if option["value"] in ticked]
    element = {"type": "checkboxes", "options": shown, "initial_options": on or None}
    return _question(name, label, element, hint=hint, optional=optional)


def person(
    name: str,
    label: str,
    *,
    chosen: str | None = None,
    hint: str | None = None,
    placeholder: str | None = None,
    optional: bool = False,
) -> Block:
    """Ask for one of the people in the workspace."""
    element = {"type": "users_select", "initial_user": chosen}
    return _question(name, label, element, hint=hint, placeholder=placeholder, optional=optional)


def people(
    name: str,
    label: str,
    *,
    chosen: Sequence[str] = (),
    most: int | None = None,
    hint: str | None = None,
    placeholder: str | None = None,
    optional: bool = False,
) -> Block:
    """Ask for people in the workspace."""
    element = {"type": "multi_users_select", "initial_users": list(chosen) or None, "max_selected_items": most}
    return _question(name, label, element, hint=hint, placeholder=placeholder, optional=optional)


def _question(
    name: str,
    label: str,
    element: Mapping[str, Any],
    *,
    hint: str | None,
    placeholder: str | None = None,
    optional: bool,
) -> Block:
    given: Element = {key: value for key, value in element.items() if value is not None} | {"action_id": name}
    if placeholder:
        given["placeholder"] = _plain(placeholder, PLACEHOLDER_MAX)
    block: Block = {"type": "input", "block_id": name, "label": _plain(label, LABEL_MAX), "element": given}
    return block | {"optional": optional} | ({"hint": _plain(hint, LABEL_MAX)} if hint else {})


def _one_of(options: Sequence[Option], chosen: str | None) -> dict[str, Any]:
    shown = [_option(option) for option in options]
    return {"options": shown, "initial_option": next((one for one in shown if one["value"] == chosen), None)}


def _option(option: Option) -> Element:
    found: Element = {"text": _plain(option.label, OPTION_MAX), "value": option.value}
    return found | ({"description": _plain(option.explained, OPTION_MAX)} if option.explained else {})


def _plain(words: str, limit: int) -> Element:
    return {"type": "plain_text", "text": clip(words, limit), "emoji": True}

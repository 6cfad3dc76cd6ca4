"""What came back with a form: the answers, by the names of the questions, and what the form is about."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.ids import ChannelId, UserId
from bot.errors import UserError
from bot.views.forms import OUT_OF_DATE

View = Mapping[str, Any]


class Values:
    """The answers to a form's questions; what was not answered, or not asked, is nothing.

    Args:
        state: the view's ``state``, as Slack sends it.

    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._values = _object(state.get("values"))

    def text(self, name: str) -> str:
        """Give the words that were typed, without the space around them."""
        value = self._answer(name).get("value")
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Give the whole number that was typed; None where there is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def choice(self, name: str) -> str | None:
        """Give the value of the one option that was chosen, from a menu or among radio buttons."""
        return _value(self._answer(name).get("selected_option"))

    def ticked(self, name: str) -> tuple[str, ...]:
        """Give the values of the boxes that were ticked."""
        options = self._answer(name).get("selected_options")
        values = [_value(option) for option in options] if isinstance(options, list) else []
        return tuple(value for value in values if value is not None)

    def person(self, name: str) -> UserId | None:
        """Give the person who was chosen."""
        user = self._answer(name).get("selected_user")
        return UserId(user) if isinstance(user, str) else None

    def people(self, name: str) -> tuple[UserId, ...]:
        """Give the people who were chosen, in their order."""
        users = self._answer(name).get("selected_users")
        return tuple(UserId(user) for user in users if isinstance(user, str)) if isinstance(users, list) else ()

    def _answer(self, name: str) -> Mapping[str, Any]:
        return _object(_object(self._values.get(name)).get(name))


def values(view: View) -> Values:
    """Read the answers."""
    return Values(_object(view.get("state")))


def questions(view: View) -> list[str]:
    """Name what was asked, in its order; mistakes can be shown there and nowhere else."""
    blocks = view.get("blocks")
    found = [_object(block) for block in blocks] if isinstance(blocks, list) else []
    return [str(block["block_id"]) for block in found if block.get("type") == "input" and block.get("block_id")]


def channel(view: View) -> ChannelId:
    """Give the channel in which the form was opened; empty where it was opened in none."""
    found = _private(view).get("channel")
    return ChannelId(found if isinstance(found, str) else "")


def about(view: View) -> str:
    """Give what the form is about.

    Raises:
        UserError: it does not say, so it is not one of ours.

    """
    found = _private(view).get("about")
    if not isinstance(found, str):
        raise UserError(OUT_OF_DATE)
    return found


def _private(view: View) -> Mapping[str, Any]:
    try:
        return _object(json.loads(str(view.get("private_metadata"))))
    except (ValueError, RecursionError):
        return {}


def _value(option: object) -> str | None:
    value = _object(option).get("value")
    return value if isinstance(value, str) else None


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}

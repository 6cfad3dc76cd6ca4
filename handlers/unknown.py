"""Buttons that nothing answers any more: the person is told, instead of a click that does nothing."""

import re

from bot.errors import UserError
from bot.routes import Routes


def register(routes: Routes) -> None:
    """Answer every other button; registered last."""
    routes.slack.action(re.compile(".*"))(unknown_button)


async def unknown_button() -> None:
    """Say that the button is out of date."""
    raise UserError("This button is from another version of Greenroom and does nothing now. Type `/meet help`.")

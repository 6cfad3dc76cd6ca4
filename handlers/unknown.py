"""Buttons, forms and commands that nothing answers: the person is told, instead of a click that does nothing."""

import re

from bot.errors import UserError
from bot.routes import Routes, SlashCommand
from bot.views import forms
from bot.views.actions import OUT_OF_DATE


def register(routes: Routes) -> None:
    """Answer every other button, form and command; registered last."""
    routes.slack.action(re.compile(".*"))(unknown_button)
    routes.slack.view_submission(re.compile(".*"))(unknown_form)
    routes.slack.command(re.compile(".*"))(unknown_command)


async def unknown_button() -> None:
    """Say that the button is out of date."""
    raise UserError(OUT_OF_DATE)


async def unknown_form() -> None:
    """Say that the form is out of date; most are told so in the form itself, which then stays open."""
    raise UserError(forms.OUT_OF_DATE)


async def unknown_command(meet_command: SlashCommand, record_command: SlashCommand) -> None:
    """Say which commands there are: Slack and the settings do not call them the same."""
    names = f"`{meet_command.name}` and `{record_command.name}`"
    raise UserError(
        f"Nothing answers to that command: Greenroom is set to answer {names}. "
        "Whoever runs Greenroom has to give its commands the same names in Slack and in its settings."
    )

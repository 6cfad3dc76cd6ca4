"""``/meet settings``: the rules of this channel, to change for who may, to read for everybody else."""

from bot.joining import Joining
from bot.permissions import Permissions
from bot.routes import Routes
from bot.slack.inline import Opening
from bot.slack.respond import Respond
from bot.views import filled
from bot.views.forms import Form
from bot.views.replies import Reply
from bot.views.rules import RULES_FORM, check_rules, read_rules, rules_form, rules_list


def register(routes: Routes) -> None:
    """Open the form, and keep what was filled in."""
    routes.meet.opens("settings", draw, summary="See who may do what in this channel, and change it")
    routes.form(RULES_FORM, check_rules, save)


async def draw(opening: Opening, permissions: Permissions, joining: Joining) -> Form | Reply:
    """Draw the form for whoever may change the rules; tell them to everybody else."""
    rules = await permissions.rules(opening.channel)
    if await permissions.may_change_rules(opening.user, opening.channel):
        return rules_form(opening.channel, rules, viewers=bool(joining.rules.viewer_preset))
    return rules_list(opening.channel, rules, saved=False)


async def save(view: filled.View, answer: Respond, permissions: Permissions) -> None:
    """Keep the rules, of whoever still may change them."""
    channel = filled.channel(view)
    rules = await permissions.change_rules(answer.user, channel, read_rules(view))
    await answer(rules_list(channel, rules, saved=True))

"""Copy link: something to paste elsewhere, from the card's menu."""

from typing import Any

from bot.meetings import Meetings
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, replies


def register(routes: Routes) -> None:
    """Answer the choice of the card's menu."""
    routes.more(actions.COPY_LINK, copy_link)


async def copy_link(action: dict[str, Any], answer: Respond, meetings: Meetings) -> None:
    """Say what can be passed on; a person's own link never is."""
    await answer(replies.copy_link(await meetings.get(actions.chosen(action))))

"""What the page does with the form that a person has before them."""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from playground.slack import SlackSimulator
from playground.slack_views import NoSuchForm, View
from playground.web_json import Json, Refused, takes
from playground.wishes import DismissWish, SubmitWish


class FormActs:
    """Submits forms and closes them."""

    def __init__(self, slack: SlackSimulator) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        """List what the page asks."""
        return [
            web.post("/playground/submit", takes(SubmitWish, self._submit)),
            web.post("/playground/dismiss", takes(DismissWish, self._dismiss)),
        ]

    def shown(self, user: str) -> Json | None:
        """Give what a person has before them; None where that is no form."""
        view = self._slack.views.of(user)
        return None if view is None else form_snapshot(view)

    async def _submit(self, wish: SubmitWish) -> Json:
        self._find(wish.user, wish.view_id)
        try:
            ack = await self._slack.submit(wish.user, wish.view_id, wish.values)
        except LookupError as error:
            raise Refused(400, f"{error}.") from error
        return asdict(ack) | {"form": self.shown(wish.user)}

    async def _dismiss(self, wish: DismissWish) -> Json:
        self._find(wish.user, wish.view_id)
        await self._slack.dismiss(wish.user, wish.view_id)
        return {"ok": True}

    def _find(self, user: str, view_id: str) -> View:
        try:
            return self._slack.views.find(user, view_id)
        except NoSuchForm:
            raise Refused(404, "That form is no longer open.") from None


def form_snapshot(view: View) -> Json:
    """Give a form as the page draws it; what the bot keeps with it is no business of the page's."""
    content = view.content
    words: dict[str, Any] = {name: (content.get(name) or {}).get("text") for name in ("title", "submit", "close")}
    return {
        "id": view.id,
        "hash": view.hash,
        **words,
        "blocks": list(view.blocks),
        "errors": view.errors,
        "trouble": view.trouble,
    }

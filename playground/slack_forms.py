"""What people do with a form: submit it, and be told what to mend; or close it."""

from collections.abc import Callable, Mapping
from typing import Any

from playground.slack_answers import Answer, initial, mistake, written
from playground.slack_delivery import Delivery
from playground.slack_errors import SlackError
from playground.slack_payloads import VERIFICATION_TOKEN
from playground.slack_sending import NO_ANSWER, Ack
from playground.slack_views import View, Views, filled
from playground.workspace import Workspace
from playground.workspace_values import Block, User

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack says under a form that the bot did not take in."""

NOT_SENT = "not_sent"
"""In place of a body: Slack itself wanted something mended first."""

Json = dict[str, Any]


class Forms:
    """Takes filled forms to the bot and does what it answers."""

    def __init__(
        self, workspace: Workspace, views: Views, delivery: Delivery, make_trigger: Callable[[str], str]
    ) -> None:
        self._workspace, self._views, self._delivery, self._make_trigger = workspace, views, delivery, make_trigger

    async def submit(self, user: User, view_id: str, values: Mapping[str, Answer]) -> Ack:
        """Press a form's button with these answers, by block id; what is not named stands as it was drawn.

        Raises:
            NoSuchForm: that person has no such form open.
            LookupError: there is no such question, or no such option.

        """
        view = self._views.find(user.id, view_id)
        given = _given(view, values)
        wrong = {name: said for name, (block, answer) in given.items() if (said := mistake(block, answer)) is not None}
        if wrong:
            self._views.show(view, wrong)
            return Ack(ok=False, status=NO_ANSWER, body=NOT_SENT, seconds=0.0)
        view.state = {
            name: {block["element"]["action_id"]: written(block, answer)} for name, (block, answer) in given.items()
        }
        ack = await self._delivery.interaction(self.submission(user, view), answerable=True)
        self._obey(view, ack)
        return ack

    def submission(self, user: User, view: View) -> Json:
        """Write the payload of a form that is submitted."""
        trigger = {"trigger_id": self._make_trigger(user.id)}
        return self._payload("view_submission", user, view) | trigger | {"response_urls": []}

    async def dismiss(self, user: User, view_id: str) -> Ack | None:
        """Close a form; gives the bot's answer where it asked to be told.

        Raises:
            NoSuchForm: that person has no such form open.

        """
        view = self._views.find(user.id, view_id)
        self._views.close(view)
        if not view.content.get("notify_on_close"):
            return None
        return await self._delivery.interaction(self._payload("view_closed", user, view) | {"is_cleared": False})

    def _payload(self, kind: str, user: User, view: View) -> Json:
        return {
            "type": kind,
            "team": {"id": self._workspace.team_id, "domain": self._workspace.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": self._workspace.team_id},
            "api_app_id": self._workspace.app_id,
            "token": VERIFICATION_TOKEN,
            "view": self._views.object_of(view),
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _obey(self, view: View, ack: Ack) -> None:
        """Do what the answer says; what Slack cannot read is trouble, like no answer at all."""
        body = ack.json()
        if not ack.ok or (ack.body.strip() and body is None):
            self._views.show(view, {}, TROUBLE)
            return
        match body or {}:
            case {"response_action": "errors", "errors": dict(errors)} if (
                errors and errors.keys() <= view.questions.keys()
            ):
                self._views.show(view, {name: str(said) for name, said in errors.items()})
            case {"response_action": "update", "view": content}:
                self._change(view, content)
            case {"response_action": "clear"}:
                self._views.close(view)
            case empty if not empty:
                self._views.close(view)
            case _:
                self._views.show(view, {}, TROUBLE)

    def _change(self, view: View, content: Any) -> None:
        try:
            self._views.change(view, filled(content))
        except SlackError:
            self._views.show(view, {}, TROUBLE)


def _given(view: View, values: Mapping[str, Answer]) -> dict[str, tuple[Block, Answer]]:
    """Put each question and what stands in it side by side."""
    if not {*values} <= {*view.questions}:
        raise LookupError(f"{view.id} asks only for {', '.join(view.questions)}")
    return {name: (block, values.get(name, initial(block))) for name, block in view.questions.items()}

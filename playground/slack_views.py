"""The forms that are open on people's screens, and the Web API's views.* methods."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from playground.slack_answers import questions
from playground.slack_blocks import with_ids
from playground.slack_errors import Arguments, SlackError
from playground.slack_install import Installation
from playground.slack_triggers import Triggers
from playground.slack_view_rules import taken_view
from playground.workspace import Workspace
from playground.workspace_values import Block

Json = dict[str, Any]


class NoSuchForm(LookupError):
    """That person has no such form open."""


@dataclass(slots=True)
class View:
    """A form on one person's screen.

    Args:
        id: as Slack names it.
        user: who sees it.
        content: as the bot drew it, with an id for every block.
        hash: changes whenever the bot changes it.
        state: what was answered when it was last submitted, as ``state.values``.
        errors: what the bot or Slack itself wants mended, by block id.
        trouble: what Slack says where the bot did not take it in.

    """

    id: str
    user: str
    content: Json
    hash: str
    state: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, each with its id."""
        return tuple(self.content["blocks"])

    @property
    def questions(self) -> dict[str, Block]:
        """The input blocks, by their ids."""
        return questions(self.blocks)


class Views:
    """Every form that is open; a person has one at a time."""

    def __init__(self, workspace: Workspace, triggers: Triggers) -> None:
        self._workspace, self._triggers = workspace, triggers
        self._open: dict[str, View] = {}
        self.opened: list[View] = []

    # ------------------------------------------------------------ what the bot calls

    def open(self, _install: Installation, args: Arguments) -> Json:
        """views.open."""
        content = _content(args)
        if not args.text("trigger_id"):
            message = "[ERROR] missing required field: trigger_id"
            raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
        self._check_external_id(content, but=None)
        user = self._triggers.exchange(args.text("trigger_id"))
        view = View(f"V{secrets.token_hex(5).upper()}", user, content, _new_hash())
        self._open[user] = view
        self.opened.append(view)
        self._workspace.touch()
        return {"view": self.object_of(view)}

    def update(self, _install: Installation, args: Arguments) -> Json:
        """views.update: by id or external id; with a ``hash``, only what is still as the bot knows it."""
        content = _content(args)
        view = self._meant(args)
        if args.optional("hash") not in {None, view.hash}:
            raise SlackError("hash_conflict")
        self._check_external_id(content, but=view)
        self.change(view, content)
        return {"view": self.object_of(view)}

    def _meant(self, args: Arguments) -> View:
        view_id, external_id = args.optional("view_id"), args.optional("external_id")
        for view in self._open.values():
            if view_id == view.id or (external_id and external_id == view.content.get("external_id")):
                return view
        raise SlackError("not_found")

    def _check_external_id(self, content: Json, *, but: View | None) -> None:
        name = content.get("external_id")
        if name and any(view.content.get("external_id") == name for view in self._open.values() if view is not but):
            raise SlackError("duplicate_external_id")

    # ------------------------------------------------------------ what stands open

    def of(self, user: str) -> View | None:
        """Give the form that a person has before them."""
        return self._open.get(user)

    def find(self, user: str, view_id: str) -> View:
        """Give a person's form by its id; NoSuchForm where it is not open."""
        view = self._open.get(user)
        if view is None or view.id != view_id:
            raise NoSuchForm(f"{user} has no form {view_id} open")
        return view

    def change(self, view: View, content: Json) -> None:
        """Put something else into a form that is open."""
        view.content, view.hash, view.errors, view.trouble = content, _new_hash(), {}, None
        self._workspace.touch()

    def show(self, view: View, errors: dict[str, str], trouble: str | None = None) -> None:
        """Show what is to be mended, or what went wrong."""
        view.errors, view.trouble = errors, trouble
        self._workspace.touch()

    def close(self, view: View) -> None:
        """Take a form off the screen."""
        if self._open.get(view.user) is view:
            del self._open[view.user]
        self._workspace.touch()

    def object_of(self, view: View) -> Json:
        """Write a form the way Slack's answers and payloads do."""
        team = self._workspace.team_id
        defaults = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
        }
        return {
            "id": view.id,
            "team_id": team,
            **defaults,
            **view.content,
            "state": {"values": view.state},
            "hash": view.hash,
            "previous_view_id": None,
            "root_view_id": view.id,
            "app_id": self._workspace.app_id,
            "app_installed_team_id": team,
            "bot_id": self._workspace.bot_id,
        }


def _content(args: Arguments) -> Json:
    return filled(args.structure("view", "invalid_arguments"))


def filled(view: Any) -> Json:
    """Take a view that Slack takes, and give an id to each block; refuse any other."""
    taken = taken_view(view)
    return taken | {"blocks": list(with_ids(taken["blocks"]))}


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"

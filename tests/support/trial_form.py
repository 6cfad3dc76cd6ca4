"""A form with every kind of question, put before a running bot's own: what the tests of forms fill in."""

from collections.abc import Mapping
from typing import Any

from bot.errors import UserError
from bot.routes import Routes
from bot.slack.inline import Opening
from bot.slack.respond import Respond
from bot.views import filled, forms
from bot.views.blocks import actions, button, section
from bot.views.filled import values
from bot.views.forms import Form, Option
from bot.views.replies import Reply, plain
from playground.workspace_values import Message
from tests.edges.place import Place

TRIAL = "trial"
NOT_THIS = "Please choose another title: this one is taken."
COLOURS = (Option("Red", "red", "like a rose"), Option("Green", "green"), Option("Blue", "blue"))

received: list[Mapping[str, Any]] = []
"""Every submission that was carried out."""


def register(routes: Routes) -> None:
    """Answer ``/meet trial`` and a button with the form; what is registered last is asked first here."""
    before = len(routes.slack._async_listeners)
    routes.meet.opens(TRIAL, draw, summary="Try a form", takes_more=True)
    routes.opens(TRIAL, draw)
    routes.form(TRIAL, check, submit)
    listeners = routes.slack._async_listeners
    listeners[:] = listeners[before:] + listeners[:before]


async def draw(opening: Opening) -> Form | Reply:
    """Draw the form, or do what the last word says."""
    match opening.text.partition(" ")[2]:
        case "no":
            raise UserError("There is nothing to fill in here.")
        case "words":
            return plain("No form is needed: all is well.")
        case "bug":
            raise LookupError("a bug")
        case "large":
            return _form(opening, "x" * 3000)
    return _form(opening, str(opening.action.get("value", "nothing")))


def _form(opening: Opening, about: str) -> Form:
    questions = (
        section("Tell me everything. For help, type `/meet help`."),
        forms.text("title", "Title", hint="What is it about?", longest=40),
        forms.text("notes", "Notes", lines=True, optional=True, value="nothing yet"),
        forms.number("minutes", "Minutes", least=1, most=90, value=30),
        forms.choice("colour", "Colour", COLOURS, chosen="green"),
        forms.radio("shade", "Shade", COLOURS, optional=True),
        forms.checkboxes("extras", "Extras", COLOURS, ticked=["red"]),
        forms.person("host", "Host", optional=True),
        forms.people("guests", "Guests", optional=True, most=2),
    )
    return Form(TRIAL, "Try a form", questions, "Send answers", opening.channel, about)


def check(view: filled.View) -> Mapping[str, str]:
    """Find fault with some titles."""
    match values(view).text("title"):
        case "taken":
            return {"title": NOT_THIS}
        case "elsewhere":
            return {"nowhere": "This is *wrong* as a whole. See `/meet help`."}
        case "bug":
            raise LookupError("a bug")
    return {}


async def submit(view: dict[str, Any], answer: Respond) -> None:
    """Say what was answered."""
    given = values(view)
    received.append(view)
    if given.text("title") == "gone":
        raise UserError("That meeting is gone.")
    said = [
        given.text("title"),
        given.text("notes"),
        given.number("minutes"),
        given.choice("colour"),
        given.choice("shade"),
        given.ticked("extras"),
        given.person("host"),
        given.people("guests"),
        filled.about(view),
    ]
    await answer(plain("; ".join(map(str, said))))


def with_button(here: Place, value: str = "m1") -> Message:
    """Post a message whose button opens the form."""
    workspace = here.world.stage.slack.workspace
    block = actions([button("Try it", TRIAL, value)])[0] | {"block_id": "row"}
    return workspace.post(here.id, workspace.bot.id, "Try it", blocks=[block])

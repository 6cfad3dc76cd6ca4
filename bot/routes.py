"""Where handlers say what they answer to: words of a slash command, buttons, forms, and web addresses."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.errors import UserError
from bot.slack.inline import NOT_OPENED, Check, Draw
from bot.slack.text import first_word, rest
from bot.views.actions import MORE, SEPARATOR

Listener = Callable[..., Awaitable[None]]
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


ORDER = (
    *("start", "options", "join", "nudge", "pause", "resume", "off", "mark", "stop", "status", "list", "tracks"),
    "live",
    *("host", "add", "remove", "mute", "guest", "guests", "settings", "end", "help"),
)
"""How the words of a command are listed: as people come to need them. Words that are not here come first."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a slash command, and what it does in a sentence; an example shows how it is typed."""

    word: str
    summary: str
    example: str


@dataclass(slots=True)
class SlashCommand:
    """A slash command with its words; what begins with none of them goes to the fallback."""

    name: str
    app: AsyncApp
    words: list[Word] = field(default_factory=list)
    forms: dict[str, Draw] = field(default_factory=dict)
    _may_follow: dict[str, Callable[[str], bool]] = field(default_factory=dict)

    def add(
        self,
        word: str,
        listener: Listener,
        *,
        summary: str,
        example: str | None = None,
        takes_more: bool = False,
        followed_by: Collection[str] = (),
        only: Callable[[str], bool] | None = None,
    ) -> None:
        """Answer a word.

        Args:
            word: in small letters.
            listener: what answers.
            summary: what it does, for the list of words.
            example: how it is typed.
            takes_more: whether more may follow it. A word that takes no more is answered only where it stands
                alone, because titles begin with such words too: ``/meet End of quarter``.
            followed_by: the only things that may follow it all the same: ``/meet live stop``, not ``/meet live demo``.
            only: tells what else may follow it, where not anything may.

        """
        self.words.append(Word(word, summary, example or f"{self.name} {word}"))
        self.words.sort(key=lambda known: ORDER.index(known.word) if known.word in ORDER else -1)

        fits = only or (bool if takes_more else None) or (lambda more: more.lower() in followed_by)
        self._may_follow[word] = fits

        def said(command: dict[str, Any]) -> bool:
            return self.word_of(command) == word

        self.app.command(self.name, matchers=[_asynchronous(said)])(listener)

    def opens(
        self, word: str, draw: Draw, *, summary: str, example: str | None = None, takes_more: bool = False
    ) -> None:
        """Answer a word with a form.

        Args:
            word: as for ``add``, like what follows.
            draw: gives the form, while Slack waits; asks by name for ``opening`` and for services.
            summary: what it does.
            example: how it is typed.
            takes_more: whether more may follow it.

        """
        self.forms[word] = draw
        self.add(word, not_opened, summary=summary, example=example, takes_more=takes_more)

    def otherwise(self, listener: Listener) -> None:
        """Answer everything else, an empty command too."""

        def unsaid(command: dict[str, Any]) -> bool:
            return self.word_of(command) is None

        self.app.command(self.name, matchers=[_asynchronous(unsaid)])(listener)

    def word_of(self, command: Mapping[str, Any]) -> str | None:
        """Tell which word a command begins with; None where what was typed is none of them."""
        text = str(command.get("text", ""))
        word = first_word(text)
        more = rest(text).strip()
        if word not in self.known:
            return None
        return word if not more or self._may_follow[word](more) else None

    @property
    def known(self) -> list[str]:
        """The words that are answered."""
        return [word.word for word in self.words]


def _asynchronous(matches: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], Awaitable[bool]]:
    async def matcher(command: dict[str, Any]) -> bool:
        return matches(command)

    return matcher


def _chosen(name: str) -> Callable[[dict[str, Any]], Awaitable[bool]]:
    async def matcher(action: dict[str, Any]) -> bool:
        return _is_chosen(name, action)

    return matcher


def _is_chosen(name: str, action: Mapping[str, Any]) -> bool:
    option = action.get("selected_option")
    value = option.get("value") if isinstance(option, dict) else None
    return isinstance(value, str) and value.startswith(f"{name}{SEPARATOR}")


@dataclass(slots=True)
class Routes:
    """Everything that handlers can answer to."""

    slack: AsyncApp
    meet: SlashCommand
    record: SlashCommand
    pages: list[web.RouteDef] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    drawn: dict[str, Draw] = field(default_factory=dict)
    drawn_by_choice: dict[str, Draw] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)

    def button(self, action_id: str, listener: Listener) -> None:
        """Answer a button."""
        self.buttons.append(action_id)
        self.slack.action(action_id)(listener)

    def more(self, choice: str, listener: Listener) -> None:
        """Answer a choice of the card's menu; ``bot.views.more`` says how it is labelled and when it is there.

        The listener finds the meeting with ``actions.chosen``.
        """
        self.choices.append(choice)
        self.slack.action(MORE, matchers=[_chosen(choice)])(listener)

    def opens(self, action_id: str, draw: Draw) -> None:
        """Answer a button with a form.

        Args:
            action_id: the button's.
            draw: gives the form, while Slack waits; asks by name for ``opening`` and for services.

        """
        self.drawn[action_id] = draw
        self.button(action_id, not_opened)

    def more_opens(self, choice: str, draw: Draw) -> None:
        """Answer a choice of the card's menu with a form, as ``opens`` does; ``opening.action`` is what was chosen."""
        self.drawn_by_choice[choice] = draw
        self.more(choice, not_opened)

    def form(self, callback_id: str, check: Check, submit: Listener) -> None:
        """Answer a form that was filled in.

        Args:
            callback_id: the form's.
            check: looks it over while Slack waits; what it finds is shown in the form, which stays open.
            submit: what answers, like any other listener, once the form is closed.

        """
        self.checks[callback_id] = check
        self.slack.view_submission(callback_id)(submit)

    def draw_of(self, payload: Mapping[str, Any]) -> Draw | None:
        """Find what draws the form that a click or a command asks for; None where it asks for none."""
        if payload.get("type") == "block_actions":
            return self._drawn_by(payload["actions"][0])
        command = next((one for one in (self.meet, self.record) if one.name == payload.get("command")), None)
        return command.forms.get(command.word_of(payload) or "") if command else None

    def _drawn_by(self, action: Mapping[str, Any]) -> Draw | None:
        if action["action_id"] == MORE:
            return next((draw for name, draw in self.drawn_by_choice.items() if _is_chosen(name, action)), None)
        return self.drawn.get(action["action_id"])

    def check_of(self, callback_id: str) -> Check | None:
        """Find what looks over a form; None where there is no such form."""
        return self.checks.get(callback_id)


async def not_opened() -> None:
    """Say that a form is not there; reached only by what was written down before its button opened one."""
    raise UserError(NOT_OPENED)

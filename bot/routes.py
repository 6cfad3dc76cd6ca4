"""Where handlers say what they answer to: words of a slash command, buttons, and web addresses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.slack.text import first_word, rest
from bot.views.actions import MORE, SEPARATOR

Listener = Callable[..., Awaitable[None]]
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


ORDER = ("start", "join", "pause", "resume", "stop", "status", "list", "end", "help")
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
    _open_ended: set[str] = field(default_factory=set)

    def add(
        self, word: str, listener: Listener, *, summary: str, example: str | None = None, takes_more: bool = False
    ) -> None:
        """Answer a word.

        Args:
            word: in small letters.
            listener: what answers.
            summary: what it does, for the list of words.
            example: how it is typed.
            takes_more: whether more may follow it. A word that takes no more is answered only where it stands
                alone, because titles begin with such words too: ``/meet End of quarter``.

        """
        self.words.append(Word(word, summary, example or f"{self.name} {word}"))
        self.words.sort(key=lambda known: ORDER.index(known.word) if known.word in ORDER else -1)

        self._open_ended |= {word} if takes_more else set()

        def said(command: dict[str, Any]) -> bool:
            return self._word_of(command) == word

        self.app.command(self.name, matchers=[_asynchronous(said)])(listener)

    def otherwise(self, listener: Listener) -> None:
        """Answer everything else, an empty command too."""

        def unsaid(command: dict[str, Any]) -> bool:
            return self._word_of(command) is None

        self.app.command(self.name, matchers=[_asynchronous(unsaid)])(listener)

    def _word_of(self, command: dict[str, Any]) -> str | None:
        text = str(command.get("text", ""))
        word = first_word(text)
        stands_alone = not rest(text).strip()
        return word if word in self.known and (stands_alone or word in self._open_ended) else None

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
        option = action.get("selected_option")
        value = option.get("value") if isinstance(option, dict) else None
        return isinstance(value, str) and value.startswith(f"{name}{SEPARATOR}")

    return matcher


@dataclass(slots=True)
class Routes:
    """Everything that handlers can answer to."""

    slack: AsyncApp
    meet: SlashCommand
    record: SlashCommand
    pages: list[web.RouteDef] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

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

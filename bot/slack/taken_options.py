"""Takes ``--options`` out of what was typed after a slash command, however a keyboard spelt them."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

WORD = re.compile(r"(?:<[^<>]*>|\S)+")
"""A word; what Slack has put into ``<…>`` may have blanks in it."""

# Phones make one long dash of two short ones.
OPTION = re.compile(r"(--|—|–)([A-Za-z][\w-]*)(.*)", re.DOTALL)  # noqa: RUF001
EQUALS = "="
NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class Known:
    """The options of a command.

    Args:
        flags: those that stand alone.
        valued: those that take a value, and an example of one.
        more: those that take more words after their value, and which words.
        strict: whether everything with a long dash is meant as an option; a title may have such words.

    """

    flags: Collection[str]
    valued: Mapping[str, str]
    more: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    strict: bool = False

    @property
    def names(self) -> list[str]:
        """Give all of them, as they are listed."""
        return [*self.valued, *self.flags]


@dataclass(slots=True)
class Taken:
    """What was typed, taken apart.

    Args:
        values: of each option that was named, the words after it; none for a flag.
        rest: the words that belong to no option.
        wrong: what cannot be understood, a sentence each.

    """

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def take_options(text: str, known: Known) -> Taken:
    """Take the options out of a text."""
    words = WORD.findall(text)
    taken, at = Taken(), 0
    while at < len(words):
        at += _take(words[at:], known, taken)
    return taken


def _take(words: Sequence[str], known: Known, taken: Taken) -> int:
    """Take the option that the first word is; gives how many words that were."""
    found = OPTION.fullmatch(words[0])
    if found is None:
        taken.rest.append(words[0])
        return 1
    dash, name, tail = found[1], found[2].lower(), found[3]
    whole = not tail or tail.startswith(EQUALS)
    if whole and name in known.flags:
        _note(taken, name, (), "takes no value" if tail else None)
        return 1
    if whole and name in known.valued:
        values, used = _values(tail, words[1:], known, name)
        _note(taken, name, values, None if values else f"needs a value, as in `--{name} {known.valued[name]}`")
        return 1 + used
    close = difflib.get_close_matches(name, known.names, n=1, cutoff=0.7)
    if close or known.strict or dash == "--":
        taken.wrong.append(unknown(found[2], close))
    else:
        taken.rest.append(words[0])
    return 1


def unknown(name: str, close: Sequence[str]) -> str:
    """Say that there is no such option, and which one may be meant."""
    meant = f": did you mean `--{close[0]}`?" if close else ""
    return f"I do not know the option `--{name[:NAME_MAX]}`{meant}"


def _note(taken: Taken, name: str, values: tuple[str, ...], wrong: str | None) -> None:
    if wrong is None and taken.values.get(name, values) != values:
        wrong = "stands there twice"
    if wrong:
        taken.wrong.append(f"`--{name}` {wrong}")
    else:
        taken.values[name] = values


def _values(tail: str, after: Sequence[str], known: Known, name: str) -> tuple[tuple[str, ...], int]:
    """Give the words that belong to an option, and how many of the words after it they take up."""
    value, used = tail.removeprefix(EQUALS), 0
    while not value and used < len(after) and not OPTION.fullmatch(after[used]):
        value = after[used].removeprefix(EQUALS)  # people put blanks around the sign of equality
        used += 1
    if not value:
        return (), used
    values = [value]
    while name in known.more and used < len(after) and known.more[name].fullmatch(after[used]):
        values.append(after[used])
        used += 1
    return tuple(values), used

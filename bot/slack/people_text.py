"""What people type after the words that are about people: names alone, and how long a guest's pass is to work."""

import re
from datetime import timedelta

from bot.domain.lengths import read_length
from bot.errors import UserError
from bot.slack.text import MENTION

# Phones make one long dash of two short ones.
FOR = re.compile(r"(?<!\S)(?:--|—|–)for(?![^\s=])(?:\s*=\s*|\s+)?(\S+)?", re.IGNORECASE)  # noqa: RUF001
OPTION = re.compile(r"(?<!\S)(?:--|—|–)[A-Za-z]")  # noqa: RUF001
QUOTES = "\"'“”„‘’«» "  # noqa: RUF001
ABOUT_PEOPLE = ("host", "add", "remove")


def names_alone(text: str) -> bool:
    """Tell whether people are named, and nothing else is said."""
    return bool(MENTION.search(text)) and not MENTION.sub(" ", text).strip(" ,")


def unnamed(text: str) -> bool:
    """Tell whether something is asked about one person who is written without Slack's knowing whom is meant."""
    word, _, whom = text.strip().partition(" ")
    return word.lower() in ABOUT_PEOPLE and len(whom.split()) == 1 and "<" not in whom


def pass_life(text: str) -> tuple[str, timedelta | None]:
    """Read how long a guest's pass is to work, and give what is left of the text.

    Raises:
        UserError: the length is not written as one.

    """
    found = FOR.search(text)
    if found is None:
        return text, None
    length = read_length(found[1] or "", bare=False)
    if length is None:
        raise UserError("`--for` takes a length of time, as in `--for 90m`, `--for 2h` or `--for 3d`.")
    return FOR.sub(" ", text), length


def reads_as_title(text: str) -> bool:
    """Tell what follows ``guest`` and is rather a title than a name, as in ``/meet guest lecture --record``."""
    named = FOR.sub(" ", text).strip(QUOTES)
    return bool(OPTION.search(named)) or (named[:1].islower() and not FOR.search(text))

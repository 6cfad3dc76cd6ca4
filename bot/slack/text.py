"""What people type after a slash command: words and titles, however their keyboard spelt them."""

import difflib
import re
from collections.abc import Collection

from bot.views import words

TITLE_MAX = 150
UNTITLED = "Meeting"

# None goes on past the next "<": else a text of nothing but beginnings would be searched again from each of them.
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
TEAM = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")
EVERYBODY = re.compile(r"<!(?:channel|here|everyone)(?:\|[^<>]*)?>")
NAMED = re.compile(r"<@[UW][A-Z0-9]+\|([^<>]+)>")
CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^<>]*)>")
LINK = re.compile(r"<((?:https?|mailto):[^|<>]*)(?:\|([^<>]*))?>")
SPECIAL = re.compile(r"<!([a-z]+)(?:\^[^|<>]*)?(?:\|([^<>]*))?>")

QUOTES = ('"“”„«»', "'‘’‚")  # noqa: RUF001 - as phones make them


def first_word(text: str) -> str:
    """Give the first word in small letters, which may be a sub-command."""
    split = text.split(maxsplit=1)
    return split[0].lower() if split else ""


def rest(text: str) -> str:
    """Give what follows the first word."""
    split = text.split(maxsplit=1)
    return split[1] if len(split) > 1 else ""


def near_miss(text: str, known: Collection[str]) -> str | None:
    """Find the sub-command that a single word was probably meant to be."""
    typed = text.lower().split()
    if len(typed) != 1:
        return None
    close = difflib.get_close_matches(typed[0], list(known), n=1, cutoff=0.75)
    return close[0] if close and close[0] != typed[0] else None


def clean_note(text: str, limit: int) -> str:
    """Make one clean line of a note as of a title; people in it are called by name and not told of it."""
    return clean_title(NAMED.sub(r"@\1", text), limit)


def clean_title(text: str, limit: int = TITLE_MAX) -> str:
    """Make one clean line of a title: no markup, no control or direction characters, at most 150 characters."""
    text = CHANNEL.sub(r"#\1", LINK.sub(lambda m: m.group(2) or m.group(1), text))
    text = SPECIAL.sub(lambda m: m.group(2) or f"@{m.group(1)}", MENTION.sub(" ", text))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    kept = _unquoted(words.one_line(text)).strip(f"{words.JOINER} ")
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def _unquoted(text: str) -> str:
    """Take away the quotes that people put around a title, and no others."""
    for marks in QUOTES:
        inner = text[1:-1]
        if len(text) > 1 and text[0] in marks and text[-1] in marks and not set(inner) & set(marks):
            return inner.strip()
    return text

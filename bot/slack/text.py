"""What people type after a slash command: titles, people and options, however their keyboard spelt them."""

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.errors import UserError
from bot.views import words

TITLE_MAX = 150
UNTITLED = "Meeting"

# None goes on past the next "<": else a text of nothing but beginnings would be searched again from each of them.
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^<>]*)>")
LINK = re.compile(r"<((?:https?|mailto):[^|<>]*)(?:\|([^<>]*))?>")
SPECIAL = re.compile(r"<!([a-z]+)(?:\^[^|<>]*)?(?:\|([^<>]*))?>")

# Phones make one long dash of two short ones.
RECORD = re.compile(r"(?<!\S)(?:--|—|–)record(?!\S)", re.IGNORECASE)  # noqa: RUF001
REGION = re.compile(r"(?<!\S)(?:--|—|–)region(?![^\s=])(?:\s*=\s*|\s+)?(\S+)?", re.IGNORECASE)  # noqa: RUF001
OPTION = re.compile(r"(?<!\S)--([A-Za-z][\w=-]{0,40})")

QUOTES = ('"“”„«»', "'‘’‚")  # noqa: RUF001 - as phones make them


@dataclass(frozen=True, slots=True)
class Request:
    """What ``/meet`` was asked for."""

    title: str
    invited: tuple[UserId, ...] = ()
    record: bool = False
    region: str | None = None


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


def read_request(text: str, *, regions: Collection[str]) -> Request:
    """Read what ``/meet`` was asked for.

    Args:
        text: as Slack sent it, with mentions escaped.
        regions: those that the provider offers; none where it has no choice.

    Raises:
        UserError: an option that is unknown or lacks its value; the text says which there are.

    """
    text = " ".join(text.split())
    wanted = dict.fromkeys((found[1] or "").lower() for found in REGION.finditer(text))
    region = _region(list(wanted), regions) if wanted else None
    text, recorded = RECORD.subn(" ", REGION.sub(" ", text))
    unknown = OPTION.search(text)
    if unknown:
        known = "There are `--record` and `--region NAME`." if regions else "There is `--record`."
        raise UserError(f"I do not know the option `--{unknown[1]}`. {known}")
    invited = tuple(dict.fromkeys(UserId(user) for user in MENTION.findall(text)))
    return Request(clean_title(MENTION.sub(" ", text)) or UNTITLED, invited, bool(recorded), region)


def _region(wanted: Sequence[str], regions: Collection[str]) -> str:
    if not regions:
        raise UserError("This video service chooses the region by itself, so leave out `--region`.")
    if len(wanted) != 1 or wanted[0] not in regions:
        offered = ", ".join(f"`{region}`" for region in regions)
        raise UserError(f"`--region` takes one of {offered}.")
    return wanted[0]


def clean_title(text: str) -> str:
    """Make one clean line of a title: no markup, no control or direction characters, at most 150 characters."""
    text = CHANNEL.sub(r"#\1", LINK.sub(lambda m: m.group(2) or m.group(1), text))
    text = SPECIAL.sub(lambda m: m.group(2) or f"@{m.group(1)}", MENTION.sub(" ", text))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    kept = _unquoted(words.one_line(text)).strip(f"{words.JOINER} ")
    return kept if len(kept) <= TITLE_MAX else kept[: TITLE_MAX - 1] + "…"


def _unquoted(text: str) -> str:
    """Take away the quotes that people put around a title, and no others."""
    for marks in QUOTES:
        inner = text[1:-1]
        if len(text) > 1 and text[0] in marks and text[-1] in marks and not set(inner) & set(marks):
            return inner.strip()
    return text

"""What people type after a slash command: titles, people and options, however their keyboard spelt them."""

import difflib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.errors import UserError

TITLE_MAX = 150
UNTITLED = "Meeting"

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")
LINK = re.compile(r"<((?:https?|mailto):[^|>]*)(?:\|([^>]*))?>")
SPECIAL = re.compile(r"<!([a-z]+)(?:\^[^|>]*)?(?:\|([^>]*))?>")


@dataclass(frozen=True, slots=True)
class Request:
    """What ``/meet`` was asked for."""

    title: str
    invited: tuple[UserId, ...] = ()
    record: bool = False
    region: str | None = None


def first_word(text: str) -> str:
    """Give the first word in small letters, which may be a sub-command."""
    words = text.split(maxsplit=1)
    return words[0].lower() if words else ""


def rest(text: str) -> str:
    """Give what follows the first word."""
    words = text.split(maxsplit=1)
    return words[1] if len(words) > 1 else ""


def near_miss(text: str, known: Collection[str]) -> str | None:
    """Find the sub-command that a single word was probably meant to be."""
    words = text.split()
    if len(words) != 1:
        return None
    close = difflib.get_close_matches(words[0].lower(), list(known), n=1, cutoff=0.75)
    return close[0] if close and close[0] != words[0].lower() else None


def read_request(text: str, *, regions: Collection[str]) -> Request:
    """Read what ``/meet`` was asked for.

    Args:
        text: as Slack sent it, with mentions escaped.
        regions: those that the provider offers; none where it has no choice.

    Raises:
        UserError: an option that is unknown or lacks its value; the text says which there are.

    """
    text = " ".join(text.split())
    region, record = None, False
    found = re.search(r"(?:^|\s)(?:--|—|–)region(?:[=\s]+([^\s=]+))?", text)  # noqa: RUF001 - phones make dashes of --
    if found:
        region = _region(found.group(1), regions)
        text = text.replace(found.group(0), " ", 1)
    record_option = re.search(r"(?:^|\s)(?:--|—|–)record(?=\s|$)", text)  # noqa: RUF001 - the same
    if record_option:
        record = True
        text = text.replace(record_option.group(0), " ", 1)
    unknown = re.search(r"(?:^|\s)--([A-Za-z][\w-]*)", text)
    if unknown:
        known = "There are `--record` and `--region NAME`." if regions else "There is `--record`."
        raise UserError(f"I do not know the option `--{unknown.group(1)}`. {known}")
    invited = tuple(dict.fromkeys(UserId(user) for user in MENTION.findall(text)))
    return Request(clean_title(MENTION.sub(" ", text)) or UNTITLED, invited, record, region)


def _region(name: str | None, regions: Collection[str]) -> str:
    if not regions:
        raise UserError("This video service chooses the region by itself, so leave out `--region`.")
    if name is None or name.lower() not in regions:
        offered = ", ".join(f"`{region}`" for region in regions)
        raise UserError(f"`--region` takes one of {offered}.")
    return name.lower()


def clean_title(text: str) -> str:
    """Make one clean line of a title: no markup, no control or direction characters, at most 150 characters."""
    text = CHANNEL.sub(r"#\1", LINK.sub(lambda m: m.group(2) or m.group(1), text))
    text = SPECIAL.sub(lambda m: m.group(2) or f"@{m.group(1)}", MENTION.sub(" ", text))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    # Format characters (Cf) can turn the writing direction of everything after them; joiners hold emoji together.
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in text
        if c == "\u200d" or unicodedata.category(c) not in {"Cf", "Cs", "Co"}
    )
    kept = " ".join(kept.split()).strip("\"'“”„‘’ ")  # noqa: RUF001 - quotes that people put around a title
    return kept if len(kept) <= TITLE_MAX else kept[: TITLE_MAX - 1] + "…"

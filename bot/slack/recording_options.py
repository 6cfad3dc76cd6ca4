"""The options of a recording as people type them after ``/record``, or after ``/meet … --record``."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain import option_words as words
from bot.domain.options import RecordingOptions, Watermark
from bot.errors import UserError
from bot.slack.taken_options import Known, Taken, take_options
from bot.slack.text import clean_title
from bot.views.blocks import escape
from bot.views.words import not_started

LINK = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
"""How Slack sends an address."""

CORNER = re.compile(
    rf"left|right|top|bottom|(?:left|right|top|bottom)-(?:left|right|top|bottom)|{words.SIZE.pattern}", re.IGNORECASE
)
"""What may stand after the address of a watermark: a corner of the picture, and a size."""

VALUED: Mapping[str, str] = {
    "codec": "vp8",
    "size": "1280x720",
    "audio-file": "mp3",
    "prefix": "standup",
    "storage": "archive",
    "max": "90m",
    "watermark": "https://example.com/logo.png",
}
FLAGS = ("audio-only", "bucket", "no-bucket")
MORE = {"watermark": CORNER}
KNOWN = Known(FLAGS, VALUED, MORE, strict=True)
"""What ``/record`` takes."""
WORD_MAX = 40

NAME_OF: Mapping[str, str] = {
    "width": "size",
    "height": "size",
    "audio_only": "audio-only",
    "audio_file": "audio-file",
    "max_seconds": "max",
    "bucket": "no-bucket",
}
"""The options whose names are not those of their fields."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the options that can be understood, and a sentence for everything else."""

    options: RecordingOptions
    wrong: tuple[str, ...] = ()


def read_options(text: str) -> Typed:
    """Read what stands after ``/record``, or after its ``start``."""
    taken = take_options(text, KNOWN)
    typed = understood(taken)
    return Typed(typed.options, (*typed.wrong, *(_not_understood(word) for word in taken.rest)))


def _not_understood(word: str) -> str:
    close = difflib.get_close_matches(word.lower().strip("-—–"), KNOWN.names, n=1, cutoff=0.7)  # noqa: RUF001
    meant = f": did you mean `--{close[0]}`?" if close else ""
    return f"I do not understand `{escape(clean_title(word)[:WORD_MAX])}`{meant}"


def understood(taken: Taken) -> Typed:
    """Make options of what was taken out of a text; those of other things are left alone."""
    fields: dict[str, Any] = {}
    wrong = list(taken.wrong)
    for name, values in taken.values.items():
        try:
            fields |= READERS[name](*values) if name in READERS else {}
        except ValueError as mistake:
            wrong.append(labelled(name, str(mistake)))
    if {"bucket", "no-bucket"} <= taken.values.keys():
        wrong.append("`--bucket` and `--no-bucket` are opposites: take one of them")
    return Typed(RecordingOptions(**fields), tuple(wrong))


def insist(wrong: Iterable[str], about: Mapping[str, str]) -> None:
    """Have everything be well.

    Args:
        wrong: what cannot be understood.
        about: what cannot be done, by the field of the options.

    Raises:
        UserError: something is wrong; says all of it.

    """
    said = list(wrong)
    unread = any(sentence.startswith("`--storage`") for sentence in said)  # then nobody knows who keeps the file
    said += [labelled(field, why) for field, why in about.items() if not (unread and field == "bucket")]
    if said:
        raise UserError(not_started(said))


def labelled(field: str, said: str) -> str:
    """Say which option a mistake is about."""
    return f"`--{NAME_OF.get(field, field)}`: {said}"


def _size(word: str) -> dict[str, Any]:
    width, height = words.size(word)
    return {"width": width, "height": height}


def _watermark(link: str, *others: str) -> dict[str, Any]:
    found = LINK.fullmatch(link)
    address = (found[1] if found else link).replace("&amp;", "&")
    sizes = [word for word in others if words.SIZE.fullmatch(word)]
    corner = " ".join(word for word in others if word not in sizes)
    fields: dict[str, Any] = {"url": address}
    if corner:
        fields["position"] = words.position(corner)
    if sizes:
        fields |= _size(sizes[-1])
    return {"watermark": Watermark(**fields)}


READERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "codec": lambda word: {"codec": words.codec(word)},
    "size": _size,
    "audio-only": lambda: {"audio_only": True},
    "audio-file": lambda word: {"audio_file": words.audio_codec(word)},
    "prefix": lambda word: {"prefix": word},
    "storage": lambda word: {"storage": word.lower()},
    "max": lambda word: {"max_seconds": words.seconds(word)},
    "watermark": _watermark,
    "bucket": lambda: {"bucket": True},
    "no-bucket": lambda: {"bucket": False},
}
"""How the words after each option become fields."""

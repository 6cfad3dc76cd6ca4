"""What was filled into the form of a recording, as options."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain import option_words
from bot.domain.options import LOST, RecordingOptions, Watermark, mistakes, would_be_lost
from bot.views.filled import Values, View, values
from bot.views.recording_form import OFF, ON, SOUNDS

QUESTION_OF: Mapping[str, str] = {
    "width": "size",
    "height": "size",
    "audio_only": "sound",
    "audio_file": "sound",
    "max_seconds": "max",
}
"""The questions whose names are not those of their fields."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in: the options, and what is wrong, by question."""

    options: RecordingOptions
    wrong: Mapping[str, str]


def check_recording(view: View) -> Mapping[str, str]:
    """Say what is to be mended in a filled form, by question."""
    return {question: _sentence(said) for question, said in read_recording(view).wrong.items()}


def _sentence(said: str) -> str:
    plain = said.replace("`", "")  # what Slack shows at a question is no mrkdwn
    return f"{plain[:1].upper()}{plain[1:]}."


def read_recording(view: View) -> Filled:
    """Read a filled form."""
    answers, wrong = values(view), dict[str, str]()
    fields: dict[str, Any] = {}
    for question, read in READERS.items():
        try:
            fields |= read(answers)
        except ValueError as mistake:
            wrong[question] = str(mistake)
    options = RecordingOptions(**fields)
    for field, said in mistakes(options).items():
        wrong.setdefault(QUESTION_OF.get(field, field), said)
    if would_be_lost(options):
        wrong.setdefault("bucket", LOST)
    return Filled(options, wrong)


def _sound(answers: Values) -> dict[str, Any]:
    _, chosen = SOUNDS.get(answers.choice("sound") or "", SOUNDS["video"])
    return chosen.model_dump(exclude_defaults=True)


def _codec(answers: Values) -> dict[str, Any]:
    named = answers.choice("codec")
    return {"codec": option_words.codec(named)} if named else {}


def _size(answers: Values) -> dict[str, Any]:
    return _sides(answers.text("size"))


def _sides(typed: str) -> dict[str, Any]:
    if not typed:
        return {}
    width, height = option_words.size("".join(typed.split()))
    return {"width": width, "height": height}


def _watermark(answers: Values) -> dict[str, Any]:
    url, corner = answers.text("watermark"), answers.choice("corner")
    if not url:
        return {}
    place = {"position": option_words.position(corner)} if corner else {}
    return {"watermark": Watermark(url=url, **place, **_mark_size(answers))}


def _mark_size(answers: Values) -> dict[str, Any]:
    try:
        return _sides(answers.text("mark_size"))
    except ValueError:
        return {}  # told at its own question


def _check_mark(answers: Values) -> dict[str, Any]:
    sides = _sides(answers.text("mark_size"))
    if (sides or answers.choice("corner")) and not answers.text("watermark"):
        raise ValueError("there is no watermark to place: give the address of its picture above")
    return {}


def _length(answers: Values) -> dict[str, Any]:
    typed = answers.text("max")
    return {"max_seconds": option_words.seconds(typed)} if typed else {}


def _prefix(answers: Values) -> dict[str, Any]:
    typed = answers.text("prefix")
    return {"prefix": typed} if typed else {}


def _bucket(answers: Values) -> dict[str, Any]:
    chosen = answers.choice("bucket")
    return {"bucket": chosen == ON} if chosen in (ON, OFF) else {}


def _storage(answers: Values) -> dict[str, Any]:
    return {"storage": answers.choice("storage")}


READERS: Mapping[str, Callable[[Values], dict[str, Any]]] = {
    "sound": _sound,
    "codec": _codec,
    "size": _size,
    "watermark": _watermark,
    "mark_size": _check_mark,
    "max": _length,
    "prefix": _prefix,
    "bucket": _bucket,
    "storage": _storage,
}
"""How the answer to each question becomes fields."""

"""What people type or fill in for one option, as a value; a mistake is answered with what there is.

Every reader raises ValueError with a sentence that goes on after the option's name.
"""

import re
from typing import TypeVar

from bot.domain.lengths import read_length
from bot.domain.options import AUDIO_CODECS, CODECS, POSITIONS, AudioCodec, Codec, Position

Known = TypeVar("Known")

DIGITS = 9
"""Figures of a number that is read; more are out of every range."""
SIZE = re.compile(rf"(\d{{1,{DIGITS}}})[x×*](\d{{1,{DIGITS}}})", re.IGNORECASE | re.ASCII)  # noqa: RUF001 - phones make it
COMMON = {"360p": (640, 360), "480p": (854, 480), "720p": (1280, 720), "1080p": (1920, 1080)}
"""Sizes by the names that people have for them."""


def codec(word: str) -> Codec:
    """Read a codec of the video."""
    return _one_of({known.lower(): known for known in CODECS}, word.lower().replace(".", ""), "codec is H264 or VP8")


def audio_codec(word: str) -> AudioCodec:
    """Read what kind of file the sound becomes."""
    return _one_of(
        {known.lower(): known for known in AUDIO_CODECS}, word.lower().lstrip("."), "audio file is AAC or MP3"
    )


def position(words: str) -> Position:
    """Read a corner, whichever way round it is said."""
    said = tuple(re.split(r"[\s-]+", words.strip().lower()))
    corners = {tuple(known.split()): known for known in POSITIONS}
    found = corners.get(said) or corners.get(said[::-1])
    if found is None:
        raise ValueError(f"position is one of {', '.join(POSITIONS)}")
    return found


def size(word: str) -> tuple[int, int]:
    """Read width and height."""
    if word.lower() in COMMON:
        return COMMON[word.lower()]
    found = SIZE.fullmatch(word)
    if found is None:
        raise ValueError("size is width and height in pixels, as in `1280x720`")
    return int(found[1]), int(found[2])


def seconds(word: str) -> int:
    """Read a length of time that says its unit."""
    length = read_length(word, bare=False)
    if length is None:
        raise ValueError("the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`")
    return int(length.total_seconds())


def _one_of(known: dict[str, Known], word: str, otherwise: str) -> Known:
    if word not in known:
        raise ValueError(otherwise)
    return known[word]

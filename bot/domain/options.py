"""How a recording is to be made: what people can choose, with the providers' own limits.

Source: both providers' OpenAPI documents (tests/openapi), ``POST /recordings``, and their recording guides for what
goes together with what.
"""

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

Codec = Literal["H264", "VP8"]
AudioCodec = Literal["AAC", "MP3"]
Position = Literal["left top", "right top", "left bottom", "right bottom"]

CODECS: tuple[Codec, ...] = ("H264", "VP8")
AUDIO_CODECS: tuple[AudioCodec, ...] = ("AAC", "MP3")
POSITIONS: tuple[Position, ...] = ("left top", "right top", "left bottom", "right bottom")
PIXELS = 1920
SHORTEST, LONGEST = 60, 86_400
PREFIX_MAX, URL_MAX = 60, 1000
NO_STORAGE = "none"
"""Chosen instead of a storage, to do without the one that the deployment has for all."""
PREFIX = re.compile(rf"[A-Za-z0-9_]{{1,{PREFIX_MAX}}}")

VP8_SOUND = "VP8 takes no audio settings: choose H264, or leave the audio alone"
OPEN_PICTURE = (
    "the watermark's address must work for everybody, without a `?` and what follows, because I keep it and that may "
    "be a secret"
)
NO_PICTURE = "audio only has no picture: leave out codec, size and watermark, or audio only"
LOST = (
    "without the video service's own bucket and without a storage the file would be lost: name a storage, "
    "or leave the bucket on"
)


class Watermark(BaseModel):
    """A picture over the video; the provider fetches it from its address."""

    model_config = ConfigDict(frozen=True)

    url: str
    position: Position = "left top"
    width: int | None = None
    height: int | None = None


class RecordingOptions(BaseModel):
    """What was chosen for a recording; None is what the deployment or the provider does by itself.

    Args:
        codec: of the video.
        width: of the video in pixels.
        height: of the video in pixels.
        audio_only: no video file at all.
        audio_file: a file of the sound, of this kind, beside the video; or the only one.
        prefix: what the file's name begins with.
        max_seconds: when the recording stops by itself.
        watermark: a picture over the video.
        bucket: whether the provider keeps the file for its seven days, which is where links come from.
        storage: the name of the storage profile that gets the file, or NO_STORAGE; what a profile holds is known to the
            settings alone.
        storage_kind: what kind of storage that is, in the provider's word; filled in with the profile.

    """

    model_config = ConfigDict(frozen=True)

    codec: Codec | None = None
    width: int | None = None
    height: int | None = None
    audio_only: bool = False
    audio_file: AudioCodec | None = None
    prefix: str | None = None
    max_seconds: int | None = None
    watermark: Watermark | None = None
    bucket: bool | None = None
    storage: str | None = None
    storage_kind: str | None = None

    @property
    def has_look(self) -> bool:
        """Whether anything was chosen of picture or sound."""
        return bool(self.has_picture or self.audio_only or self.audio_file)

    @property
    def has_picture(self) -> bool:
        """Whether anything was chosen that only a video has."""
        return bool(self.codec or self.width or self.height or self.watermark)

    def once_more(self) -> Self:
        """Give these, which everything was filled into, for another recording: what goes to no storage stays so."""
        return self.model_copy(update={"storage": self.storage or NO_STORAGE})

    def over(self, others: Self) -> Self:
        """Give these, and for what was left open the others'; picture and sound go together and are not mixed."""
        look = self if self.has_look else others
        return look.model_copy(
            update={
                "prefix": self.prefix if self.prefix is not None else others.prefix,
                "max_seconds": self.max_seconds if self.max_seconds is not None else others.max_seconds,
                "bucket": self.bucket if self.bucket is not None else others.bucket,
                "storage": (kept := self if self.storage is not None else others).storage,
                "storage_kind": kept.storage_kind,
            }
        )


def mistakes(options: RecordingOptions) -> dict[str, str]:
    """Say everything that a provider would not take, by the field it is about; empty where all is well."""
    found = {
        "width": _within(options.width, "width", 1, PIXELS),
        "height": _within(options.height, "height", 1, PIXELS),
        "max_seconds": _length(options.max_seconds),
        "prefix": _prefix(options.prefix),
        "watermark": _watermark(options.watermark),
        "audio_only": NO_PICTURE if options.audio_only and options.has_picture else None,
        "audio_file": VP8_SOUND if options.codec == "VP8" and options.audio_file and not options.audio_only else None,
    }
    return {field: said for field, said in found.items() if said}


def would_be_lost(options: RecordingOptions) -> bool:
    """Tell whether nobody would keep the file."""
    return options.bucket is False and options.storage in (None, NO_STORAGE)


def _within(number: int | None, name: str, least: int, most: int) -> str | None:
    return None if number is None or least <= number <= most else f"{name} is {least} to {most}"


def _length(seconds: int | None) -> str | None:
    fits = seconds is None or SHORTEST <= seconds <= LONGEST
    return None if fits else "the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`"


def _prefix(prefix: str | None) -> str | None:
    if prefix is None or PREFIX.fullmatch(prefix):
        return None
    return f"the prefix is letters, digits and underscores, at most {PREFIX_MAX}"


def _watermark(mark: Watermark | None) -> str | None:
    if mark is None:
        return None
    if not is_picture_address(mark.url):
        return "the watermark is the https address of a picture"
    if re.search(r"[?#]", mark.url):
        return OPEN_PICTURE
    small = any(side is not None and side < 1 for side in (mark.width, mark.height))
    return "the watermark's width and height are 1 or more" if small else None


def is_picture_address(url: str) -> bool:
    """Tell an https address that the provider could fetch."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    whole = parts.scheme == "https" and bool(parts.hostname) and not parts.username and not parts.password
    return whole and len(url) <= URL_MAX and re.fullmatch(r"[!-~]+", url) is not None

"""The form behind "Record with options": every option of a recording as a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import ChannelId
from bot.domain.meeting import Meeting
from bot.domain.options import NO_STORAGE, POSITIONS, PREFIX_MAX, URL_MAX, RecordingOptions
from bot.exchanged import Block
from bot.views.forms import Form, Option, choice, radio, text

RECORDING_FORM = "recording_form"

SOUNDS: Mapping[str, tuple[str, RecordingOptions]] = {
    "video": ("In the video only", RecordingOptions()),
    "aac": ("In the video, and in an AAC file beside it", RecordingOptions(audio_file="AAC")),
    "mp3": ("In the video, and in an MP3 file beside it", RecordingOptions(audio_file="MP3")),
    "only_aac": ("No video, only an AAC file", RecordingOptions(audio_only=True, audio_file="AAC")),
    "only_mp3": ("No video, only an MP3 file", RecordingOptions(audio_only=True, audio_file="MP3")),
}
CODECS = (Option("H.264, an MP4 file", "H264"), Option("VP8, a WebM file", "VP8"))
CORNERS = tuple(Option(corner.capitalize(), corner) for corner in POSITIONS)
SIDES, LENGTHS, SHORT = "Width x height, each 1 to 1920.", "60 s to 24 h, as in 45m or 2h.", 20
USUAL, ON, OFF = "usual", "on", "off"
"""Whether the video service keeps a copy: as its own settings say, yes, no."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a deployment offers: its storages by name and kind, and what it does where nobody says."""

    storages: Mapping[str, str]
    storage: str | None = None
    bucket: bool | None = None


def recording_form(meeting: Meeting, offered: Offered, channel: ChannelId) -> Form:
    """Draw the form for a meeting."""
    return Form(
        callback_id=RECORDING_FORM,
        title="Recording options",
        blocks=(*_picture(), *_file(), *_kept(offered)),
        submit_label="Start recording",
        channel=channel,
        about=meeting.id,
    )


def _picture() -> Sequence[Block]:
    sounds = [Option(label, name) for name, (label, _) in SOUNDS.items()]
    return (
        radio("sound", "Sound", sounds, chosen="video"),
        choice("codec", "Video codec", CODECS, optional=True, placeholder="H.264", hint="VP8 takes no audio settings."),
        text("size", "Video size", optional=True, placeholder="1280x720", hint=SIDES, longest=SHORT),
        text(
            "watermark",
            "Watermark",
            optional=True,
            placeholder="https://example.com/logo.png",
            hint="The https address of a picture.",
            longest=URL_MAX,
        ),
        choice("corner", "Corner of the watermark", CORNERS, optional=True, placeholder="Left top"),
        text("mark_size", "Size of the watermark", optional=True, placeholder="120x40", longest=SHORT),
    )


def _file() -> Sequence[Block]:
    prefix = f"Letters, digits and underscores, at most {PREFIX_MAX}."
    return (
        text("max", "Maximum length", optional=True, placeholder="24h", hint=LENGTHS, longest=SHORT),
        text("prefix", "File name begins with", optional=True, placeholder="standup", hint=prefix, longest=PREFIX_MAX),
    )


def _kept(offered: Offered) -> Sequence[Block]:
    usual = [] if offered.bucket is not None else [Option("As the video service is set up", USUAL)]
    copies = [*usual, Option("Yes, for seven days", ON), Option("No, and so without a Watch button", OFF)]
    chosen = {None: USUAL, True: ON, False: OFF}[offered.bucket]
    copy = radio("bucket", "A copy at the video service", copies, chosen=chosen)
    if not offered.storages:
        return (copy,)
    storages = [Option(f"{name} ({kind})", name) for name, kind in sorted(offered.storages.items())]
    nowhere = Option("Nowhere else", NO_STORAGE)
    return (choice("storage", "Send the file to", [nowhere, *storages], chosen=offered.storage or NO_STORAGE), copy)

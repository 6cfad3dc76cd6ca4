"""Where a recording's file is, beside the video service."""

from bot.domain.options import RecordingOptions
from bot.storage_profiles import label
from bot.views.blocks import clip_escaped
from bot.views.words import NAME_MAX


def kept_elsewhere(options: RecordingOptions) -> list[str]:
    """Say in which storage the file is, and whether the video service keeps a copy."""
    kept = []
    if options.storage:
        kind = f" ({label(options.storage_kind)})" if options.storage_kind else ""
        kept.append(f"kept in {clip_escaped(options.storage, NAME_MAX)}{kind}")
    return [*kept, "no copy at the video service"] if options.bucket is False else kept

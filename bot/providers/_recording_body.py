"""How recordings are asked for: our options in the words of both providers.

Source: ``POST /recordings`` and ``recording_config`` of ``POST /meetings`` in both OpenAPI documents; of the guides:
a file of the sound is made only where ``audio_config`` is sent, and then one of the picture only where ``video_config``
is sent as well.
"""

from typing import Any

from bot.domain.options import RecordingOptions, Watermark
from bot.storage_profiles import StorageProfile


def recording_body(options: RecordingOptions, storage: StorageProfile | None, bucket_field: str) -> dict[str, Any]:
    """Give the fields that a start call and a meeting's ``recording_config`` share; only what was chosen stands there.

    Args:
        options: what was chosen.
        storage: the storage that gets the file, secrets and all.
        bucket_field: what this provider calls the switch of its own bucket.

    """
    fields = {
        "max_seconds": options.max_seconds,
        "file_name_prefix": options.prefix,
        "video_config": _video(options),
        "audio_config": _audio(options),
        "storage_config": storage.as_sent() if storage else None,
        bucket_field: None if options.bucket is None else {"enabled": options.bucket},
    }
    return _given(fields)


def secrets_of(storage: StorageProfile | None) -> tuple[str, ...]:
    """Give what no error may repeat of a request: a provider may answer with what it was sent."""
    return tuple(storage.secrets()) if storage else ()


def _video(options: RecordingOptions) -> dict[str, Any] | None:
    if options.audio_only:
        return {"export_file": False}
    mark = _watermark(options.watermark) if options.watermark else None
    chosen = _given({"codec": options.codec, "width": options.width, "height": options.height, "watermark": mark})
    return chosen | {"export_file": True} if options.audio_file else chosen or None


def _watermark(mark: Watermark) -> dict[str, Any]:
    size = _given({"width": mark.width, "height": mark.height})
    return _given({"url": mark.url, "position": mark.position, "size": size or None})


def _audio(options: RecordingOptions) -> dict[str, Any] | None:
    if not (options.audio_only or options.audio_file):
        return None
    return _given({"codec": options.audio_file, "export_file": True})


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}

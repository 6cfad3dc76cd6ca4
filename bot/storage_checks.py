"""What is wrong with the settings about storages, in sentences that repeat no value."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.storage_profiles import LABELS

ON, OFF = {"on", "true", "yes", "1"}, {"off", "false", "no", "0"}


def storage_problems(values: Mapping[str, Any]) -> list[str]:
    """Say what does not fit together: a profile that is not there, and recordings that nobody would keep."""
    profiles, chosen = values.get("recording_storage_profiles") or {}, values.get("recording_storage")
    if chosen and chosen not in profiles:
        there = f"there are: {', '.join(sorted(profiles))}" if profiles else "there is none: set RECORDING_STORAGE_FILE"
        return [f"RECORDING_STORAGE names a storage profile that is not there; {there}"]
    kept = values.get("recording_bucket")
    if not profiles and kept is not None and str(kept).lower() in OFF:
        return ["RECORDING_BUCKET is off and there is no storage profile, so every recording would be lost"]
    return []


def about_profile(place: Sequence[object], kind: str, message: str) -> str:
    """Say what is wrong with a storage profile; a place is its name, its type, the field."""
    profile, fields = f"The storage profile “{place[0]}”", [str(step) for step in place[2:]]
    match kind:
        case "union_tag_not_found" | "union_tag_invalid":
            return f"{profile}: type must be one of {', '.join(LABELS)}"
        case "missing":
            return f"{profile}: {'.'.join(fields)} is missing"
        case "extra_forbidden":
            return f"{profile}: {'.'.join(fields)} is not among what the video service takes for this type"
    return f"{profile}: {' '.join([*fields, message[:1].lower() + message[1:]])}"

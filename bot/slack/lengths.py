"""Lengths of time as people type them: ``10m``, ``90 min``, ``1h30``, ``2 hours``, or a bare number of minutes."""

import re
from datetime import timedelta

NUMBER = r"(\d{1,5}(?:[.,]\d{1,2})?)"
UNIT_OR_END = r"(?:m(?:in(?:ute)?s?)?|(?=$))"
TYPED = re.compile(
    rf"(?:{NUMBER}\s*h(?:(?:ou)?rs?)?)?\s*(?:{NUMBER}\s*{UNIT_OR_END})?\s*(?:{NUMBER}\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)


def read_length(text: str) -> timedelta | None:
    """Read a length; None for what is none."""
    found = TYPED.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)

"""Lengths of time as people type them: ``10m``, ``90 min``, ``1h30``, ``2 hours``, ``3d``, or bare minutes."""

import re
from datetime import timedelta

NUMBER = r"(\d{1,5}(?:[.,]\d{1,2})?)"
UNIT_OR_END = r"(?:m(?:in(?:ute)?s?)?|(?=$))"
TYPED = re.compile(
    rf"(?:{NUMBER}\s*d(?:ays?)?)?\s*(?:{NUMBER}\s*h(?:(?:ou)?rs?)?)?\s*(?:{NUMBER}\s*{UNIT_OR_END})?\s*"
    rf"(?:{NUMBER}\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE | re.ASCII,
)
UNITS = ("days", "hours", "minutes", "seconds")


def read_length(text: str, *, bare: bool = True) -> timedelta | None:
    """Read a length; None for what is none.

    Args:
        text: as it was typed.
        bare: whether a number alone is one, in minutes.

    """
    typed = text.strip()
    found = TYPED.fullmatch(typed)
    if found is None or not any(found.groups()) or (not bare and typed.isdigit()):
        return None
    numbers = (float((part or "0").replace(",", ".")) for part in found.groups())
    return timedelta(**dict(zip(UNITS, numbers, strict=True)))

"""What the doctor finds, one thing at a time."""

from dataclasses import dataclass

GOOD, WEAK, BAD = "good", "note", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``good``, a ``note`` to know of, or ``bad`` because something would fail."""

    what: str
    verdict: str
    details: str

    @property
    def fails(self) -> bool:
        """Whether something would fail."""
        return self.verdict == BAD

    @property
    def colour(self) -> str:
        """How it is shown."""
        return {GOOD: "green", WEAK: "yellow", BAD: "bold red"}[self.verdict]

"""What came of telling one story in many orders, counted."""

from collections import Counter
from dataclasses import dataclass, field

EDIT_EVERY = 3.0
"""Seconds between two edits of a card, at least."""


@dataclass
class Outcome:
    """What came of all tellings."""

    told: int = 0
    deliveries: int = 0
    refused: int = 0
    unlike: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    too_fast: list[str] = field(default_factory=list)
    in_vain: list[str] = field(default_factory=list)
    other_calls: Counter[str] = field(default_factory=Counter)
    card_edits: list[int] = field(default_factory=list)
    other_edits: list[int] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that a promise rules out."""
        others = [f"{count} calls of {method}" for method, count in self.other_calls.items()]
        return [*self.unlike, *self.doubled, *self.too_fast, *self.in_vain, *others]

    def lines(self) -> list[str]:
        """Write it down."""
        return [
            f"orders: {self.told}, deliveries: {self.deliveries}, of which sent again: {self.refused}",
            f"threads unlike the truth: {len(self.unlike)}, messages doubled: {len(self.doubled)}",
            f"edits of a card, most: {max(self.card_edits)}, mean: {sum(self.card_edits) / self.told:.1f}",
            f"edits of all replies, most: {max(self.other_edits)}, mean: {sum(self.other_edits) / self.told:.1f}",
            f"card edited sooner than after {EDIT_EVERY} s: {len(self.too_fast)}",
            f"edits that changed nothing: {len(self.in_vain)}, calls of other methods: {self.other_calls.total()}",
            *self.faults[:20],
        ]

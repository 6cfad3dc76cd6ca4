"""Lengths of time as people type them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lengths import read_length


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("10m", 10),
        ("10", 10),
        (" 10 min ", 10),
        ("10 Minutes", 10),
        ("1h", 60),
        ("2 hours", 120),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1h30", 90),
        ("1h 30m", 90),
        ("1 hour 5 minutes", 65),
        ("90s", 1.5),
        ("2m30s", 2.5),
        ("1d", 1440),
        ("2 days 1h", 2940),
        ("0", 0),
    ],
)
def test_a_length_is_read_as_it_is_meant(typed: str, minutes: float) -> None:
    assert read_length(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["", "lunch", "ten minutes", "-5m", "5w", "m", "10:30", "1h2h", "10m10", "∞", "1e9"])
def test_what_is_no_length_is_none(typed: str) -> None:
    assert read_length(typed) is None


def test_where_a_unit_is_needed_a_bare_number_is_none() -> None:
    assert [read_length(typed, bare=False) for typed in ("10", " 10 ", "10m")] == [None, None, timedelta(minutes=10)]


@given(st.text(max_size=40))
def test_any_text_is_read_or_not_but_never_fatal(typed: str) -> None:
    found = read_length(typed)

    assert found is None or found >= timedelta(0)

"""A little of what ``python -m tests.hostile.fuzz`` tries for as long as one likes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_any_input_is_read_or_refused(target: str) -> None:
    check, strategies = TARGETS[target]

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(*strategies))
    def tried(given_: tuple[object, ...]) -> None:
        check(*given_)

    tried()

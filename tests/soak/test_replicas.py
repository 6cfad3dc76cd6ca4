"""Several replicas as one bot, with the small numbers of CI."""

import pytest

from tests.soak.replicas import crowd, frozen_holder, one_meeting, one_stop, storm

pytestmark = [pytest.mark.soak, pytest.mark.timeout(90)]


async def test_fifty_people_who_type_meet_at_once_get_one_meeting() -> None:
    assert (await one_meeting(1)).faults == []


async def test_stop_pressed_twice_at_once_is_one_call() -> None:
    assert (await one_stop(1)).faults == []


async def test_a_replica_that_wakes_up_late_leaves_no_older_state_standing() -> None:
    assert (await frozen_holder(2, seconds=11.0)).faults == []


async def test_a_crowd_costs_a_few_edits() -> None:
    assert (await crowd(1, people=100, seconds=5.0)).faults == []


async def test_a_channel_in_a_storm_delays_no_other() -> None:
    assert (await storm(3, seconds=8)).faults == []

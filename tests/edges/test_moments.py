"""Moments: marked by a press or a word, at the time of the press, and listed with the file."""

import asyncio
import re
import time
from datetime import UTC, datetime

import pytest

from tests.edges.place import Place
from tests.hostile.forged import click, sends
from tests.support.bench import button

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = re.compile(r"`00:00:0\d` (.*) · ")


async def test_marked_moments_are_confirmed_privately_and_listed_with_the_file(here: Place) -> None:
    running = await here.recording()

    pressed = await here.presses("bo", running, "record_mark")
    typed = await here.asks("cy", "/record mark decided on <v2>  & more @di")

    assert AT.match(pressed.text)
    assert pressed.ephemeral_for == "UBO"
    assert typed.text.split("` ")[1].startswith("decided on &lt;v2&gt; &amp; more @di · ")
    await here.asks("ana", "/record stop")
    ready = await here.reply("*Recording ready*")
    first, second = ready.text.splitlines()[1:]
    assert re.fullmatch(r"`00:00:0\d` marked · <@UBO>", first)
    assert re.fullmatch(r"`00:00:0\d` decided on &lt;v2&gt; &amp; more @di · <@UCY>", second)
    assert [block["type"] for block in ready.blocks] == ["section", "section", "actions"]


async def test_a_double_delivery_marks_once_and_at_the_time_of_the_press_however_late_it_is_carried_out(
    here: Place,
) -> None:
    running = await here.recording()
    began = (await here.stored()).in_order[-1].started_at
    assert began
    pressed = round(began.timestamp() + 0.25, 6)
    value = button(running, "record_mark")["value"]
    payload = click(here.world, running, "bo", action_id="record_mark", value=value, action_ts=f"{pressed:.6f}")

    async with here.answered("bo"):
        await asyncio.gather(sends(here.world, payload), sends(here.world, payload))

    [mark] = (await here.stored()).in_order[-1].marks
    assert mark.at == min(mark.at, datetime.fromtimestamp(pressed, UTC))
    assert abs(mark.at.timestamp() - pressed) < 0.5


@pytest.mark.parametrize("action_ts", ["", "soon", "1e400", "-1e99", "nan", "99999999999", "1.0"])
@pytest.mark.soak
async def test_a_time_of_a_press_that_cannot_be_is_not_believed(here: Place, action_ts: str) -> None:
    running = await here.recording()
    value = button(running, "record_mark")["value"]

    async with here.answered("bo"):
        await sends(
            here.world, click(here.world, running, "bo", action_id="record_mark", value=value, action_ts=action_ts)
        )

    [mark] = (await here.stored()).in_order[-1].marks
    assert abs(mark.at.timestamp() - time.time()) < 5


async def test_a_mark_that_comes_when_it_has_stopped_says_so(here: Place) -> None:
    running = await here.recording()
    await here.asks("ana", "/record stop")
    await here.reply("*Recording ready*")

    late = await here.presses("bo", running, "record_mark", stale=True)
    typed = await here.asks("bo", "/record mark too late")

    assert late.text == "The recording has stopped already; its file is ready in the thread."
    assert typed.text == "Nothing is being recorded here. Start with `/record`."
    assert (await here.stored()).in_order[-1].marks == ()

"""One call going wrong in one way while somebody asks for something: what they are told, and what becomes of it."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from playground.rooms import ProviderName
from tests.edges.place import Place, town
from tests.faults.steps import Step, state
from tests.faults.ways import WAYS
from tests.support.bench import Bench
from tests.support.fleet import lift_workspace_limits

SOON = 3.0
GONE = (
    "edit_participant",
    "refresh_token",
    "kick",
    "kick_all",
    "delete_participant",
    "mute_all",
    "update_meeting",
    "stop_livestream",
    "get_livestream",
    "get_active_livestream",
    "get_recording",
    "get_active_session",
)
"""Operations whose 404 says that there is nothing left to do, or nobody there."""
UNREAD = (
    "edit_participant",
    "kick",
    "kick_all",
    "delete_participant",
    "mute_all",
    "stop_livestream",
    "update_meeting",
)
"""Operations of whose answer nothing is needed but that it says yes."""
NOTHING_CHANGED = "Nothing was changed"
NOT_SURE = "I cannot tell whether it did what you asked"
HALF = re.compile(r"Please (?:end|do) it once more in a minute")
NOT_IN = re.compile(r"Reload this page in a minute, or press Join|did not let you in\. If it goes on, please tell")
FINAL = re.compile(r"has deleted th|has no such file|has no files to hand out|please ask whoever runs Greenroom")
"""What needs no way on: there is none."""
BELIEVED = frozenset(
    {
        *((operation, "404") for operation in GONE),
        *((operation, way) for operation in UNREAD for way in WAYS if way.startswith("JSON of something else")),
    }
)
"""What the service says in so many words is believed: that something is gone, or was done."""
OURS = ("on my side", "in a way I do not understand", "Traceback")
TROUBLE = (
    "The video service",
    "Their links let nobody in",
    "Nobody can come into",
    "Everyone is out of",
    "hosts this meeting now, but",
)


@asynccontextmanager
async def patient_town(redis_url: str, provider: ProviderName = "realtimekit") -> AsyncIterator[Bench]:
    """Run a bot whose services take as many calls as are made; who may only watch has a preset of their own."""
    async with town(redis_url, provider=provider, VIEWER_PRESET="webinar_viewer") as world:
        world.stage.provider.limits["dyte"] = ()
        lift_workspace_limits(world.stage)
        yield world


class Log(logging.Handler):
    """Hears what is logged as the bot's own mistake."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.mistakes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.exc_info or (record.levelno >= logging.ERROR and "credentials" not in record.getMessage()):
            self.mistakes.append(record.getMessage())


@contextmanager
def hearing() -> Iterator[Log]:
    """Listen to the log."""
    heard, root = Log(), logging.getLogger()
    root.addHandler(heard)
    try:
        yield heard
    finally:
        root.removeHandler(heard)


async def tried(here: Place, step: Step, operation: str, way: str) -> list[str]:
    """Give what is wrong about how this failure is dealt with; nothing where all is as promised."""
    faults = here.world.stage.provider.faults
    with hearing() as heard:
        known = await step.prepare(here)
        before = _state(here)
        WAYS[way](faults, operation)
        try:
            told = await step.do(here, known)
        except TimeoutError:
            return ["nobody was told anything"]
        finally:
            faults.clear()
        believed = (operation, way) in BELIEVED
        wrong = _untrue(told, before, _state(here), done=believed or _done(here, step))
        wrong += [] if believed else await _again(here, step, known, told)
        wrong += [f"logged as a mistake of ours: {each}" for each in heard.mistakes]
    return wrong


def _state(here: Place) -> dict[str, Any]:
    return state(here) if here.cards else {}


def _done(here: Place, step: Step) -> bool:
    return bool(here.cards) and step.done(here)


def _untrue(told: str, before: dict[str, Any], after: dict[str, Any], *, done: bool) -> list[str]:
    wrong = [f"told of a mistake of ours: {told}" for word in OURS if word in told]
    trouble = told.startswith(TROUBLE) or any(each in told for each in TROUBLE)
    if NOTHING_CHANGED in told and before != after:
        wrong.append(f"told that nothing was changed, but {before} became {after}")
    if not trouble and not done:
        wrong.append(f"told that it is done, which it is not: {told}")
    ways_on = NOTHING_CHANGED in told or NOT_SURE in told or any(each.search(told) for each in (HALF, NOT_IN, FINAL))
    if trouble and not ways_on:
        wrong.append(f"told no way on: {told}")
    return wrong


async def _again(here: Place, step: Step, known: Any, told: str) -> list[str]:
    """See that it comes right: by itself, or by asking once more where the person was told to."""
    said = "(not asked again)"
    if any(each in told for each in TROUBLE):
        try:
            said = await step.do(here, known)
        except (TimeoutError, AssertionError) as trouble:
            return [f"asking again failed: {trouble!r}"]
    try:
        await _until(lambda: _done(here, step))
    except TimeoutError:
        return [f"it does not come right: {_state(here)}, told {told!r}, then {said!r}"]
    if any(each in said for each in TROUBLE):
        return [f"told of trouble where there is none: {said}"]
    return await _left_starting(here)


async def _left_starting(here: Place) -> list[str]:
    """See that no message goes on saying that something starts which does not."""
    try:
        await _until(lambda: not [each.text for each in here.replies if "Starting" in each.text])
    except TimeoutError:
        return [f"left at its start: {[each.text for each in here.replies]}"]
    return []


async def _until(holds: Any) -> None:
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.sleep(0.01)

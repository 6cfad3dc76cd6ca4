"""Try each call of the video service in each way: ``python -m tests.faults``, with ``--help`` for more."""

import argparse
import asyncio
import logging
import time
from typing import get_args

from rich.console import Console

from playground.rooms import ProviderName
from tests.edges.place import place
from tests.faults.steps import STEPS
from tests.faults.trial import patient_town, tried
from tests.faults.ways import WAYS
from tests.support.redis_server import redis_server

out = Console(soft_wrap=True, highlight=False)


async def every(only: str, provider: ProviderName) -> int:
    """Try all of them, one after the other, and give how many were dealt with wrongly."""
    count = wrong = 0
    began = time.monotonic()
    with redis_server() as url:
        async with patient_town(url, provider) as world:
            trials = ((step, operation, way) for step in STEPS for operation in step.calls for way in WAYS)
            for step, operation, way in trials:
                name = f"{step.what} / {operation} / {way}"
                if only not in name:
                    continue
                try:
                    found = await tried(place(world), step, operation, way)
                except (AssertionError, LookupError, TimeoutError) as trouble:
                    found = [f"it could not be tried: {trouble!r}"]
                    world.stage.provider.faults.clear()
                count, wrong = count + 1, wrong + bool(found)
                for each in found:
                    out.print(f"{name}: {each}", markup=False)
    out.print(f"{count} ways of going wrong, {wrong} of them dealt with wrongly, {time.monotonic() - began:.0f} s")
    return wrong


if __name__ == "__main__":
    logging.getLogger().addHandler(logging.NullHandler())
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="those in whose name these words are")
    parser.add_argument("--provider", default="realtimekit", choices=get_args(ProviderName))
    asked = parser.parse_args()
    raise SystemExit(bool(asyncio.run(every(asked.only, asked.provider))))

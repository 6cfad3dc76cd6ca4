"""Sends what several callers ask of Redis at the same moment in one go, and gives each its own answer."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import TimeoutError as TooLate

Command = tuple[Any, ...]
"""A command's name and what it is given."""

AT_MOST = 128
"""Callers whose commands go together, so that none waits for a long answer to be read."""

PATIENCE = 0.05
"""Seconds after which those who came later no longer wait for what is under way: its connection may be dead."""

ANSWERED_WITHIN = 5.0
"""Seconds that all answers of a batch may take; one limit for all, because each costs as much as a command."""


@dataclass(slots=True, eq=False)
class Caller:
    """Somebody who waits for answers."""

    commands: Sequence[Command]
    answers: asyncio.Future[list[Any]]

    def tell(self, answers: list[Any]) -> None:
        """Hand the answers over; who went away is not told."""
        if not self.answers.done():
            self.answers.set_result(answers)

    def fail(self, trouble: Exception) -> None:
        """Tell that there are no answers."""
        if not self.answers.done():
            self.answers.set_exception(trouble)


class Together:
    """A way to Redis that costs little when many take it: while some of them are under way, the others gather.

    A caller goes on when its own commands are answered, so what it is told was written was written.

    Args:
        redis: the way; it may be without limits of time.
        within: seconds in which a batch must be answered.

    """

    def __init__(self, redis: Redis, within: float = ANSWERED_WITHIN) -> None:
        self._redis = redis
        self._within = within
        self._free = True
        self._waiting: list[Caller] = []
        self._batches: set[asyncio.Task[None]] = set()

    async def ask(self, *commands: Command) -> list[Any]:
        """Have commands carried out in this order, others' in between, and give their answers.

        Raises:
            RedisError: one of these commands was refused, or the connection was lost.

        """
        loop = asyncio.get_running_loop()
        caller = Caller(commands, loop.create_future())
        self._waiting.append(caller)
        if self._free:
            self._free = False
            loop.call_soon(self._next)  # whoever else is here in this turn of the loop goes along
        answers = await caller.answers
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        """Have those who come meanwhile wait, but not for long."""
        self._free, awaited = False, True

        def done() -> None:
            nonlocal awaited
            if awaited:
                awaited = False
                self._next()

        late = asyncio.get_running_loop().call_later(PATIENCE, done)
        try:
            yield
        finally:
            late.cancel()
            done()

    def _next(self) -> None:
        """Let those who gathered go."""
        batch, self._waiting = self._waiting[:AT_MOST], self._waiting[AT_MOST:]
        self._free = not batch
        if batch:
            sending = asyncio.create_task(self._send(batch), name="together")
            self._batches.add(sending)
            sending.add_done_callback(self._batches.discard)

    async def _send(self, batch: Sequence[Caller]) -> None:
        try:
            with self._under_way():
                answers = iter(await self._answers([command for caller in batch for command in caller.commands]))
            for caller in batch:
                caller.tell([next(answers) for _ in caller.commands])
        except Exception as trouble:  # noqa: BLE001 - whatever it is, it is for those who wait
            for caller in batch:
                caller.fail(trouble)
        finally:
            for caller in batch:
                caller.answers.cancel()  # for one who has no answer because all of this is being stopped

    async def _answers(self, commands: Sequence[Command]) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            async with asyncio.timeout(self._within):
                return await pipeline.execute(raise_on_error=False)
        except TimeoutError as late:
            raise TooLate(f"no answer within {self._within} seconds") from late

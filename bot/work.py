"""Durable work: what is written down here is carried out, whatever process dies in between.

Tasks live on Redis Streams through pydocket. Its trap that this module steps around (docs/decisions.md): adding a key
whose task is running is refused, so news replaces.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Protocol

from docket import ExponentialRetry, Perpetual
from docket.dependencies import Retry

from bot.alarms import Alarms
from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.domain.ids import MeetingId
from bot.engine import Engine, moment_in
from bot.errors import ChatUnavailable, ProviderError
from bot.log import bind, current_ref, new_ref
from bot.polling import PROMPTED, Polling
from bot.reconciler import Reconciler
from bot.store import MeetingStore

log = logging.getLogger(__name__)

POLLS = 24
"""How many of these places polls may take: a provider that hangs must leave room for what people ask."""
POLL_WAIT = 2.0
SWEEP = timedelta(seconds=10)
POKED = 5.0
"""Seconds within which the same meeting's next poll is not moved again."""

ATTEMPTS = 10
LONGEST_PAUSE = 60.0
"""Seconds between two tries at most, however long Slack is away."""


class CarryOut(Protocol):
    """Carries out one wish."""

    async def __call__(self, key: str, sealed: str, *, last: bool) -> None:
        """Do what a sealed payload asks for; raise only what a later try may mend, and nothing on the last one."""


class Work:
    """What is written down, and what becomes of it."""

    def __init__(
        self,
        url: str,
        store: MeetingStore,
        reconciler: Reconciler,
        polling: Polling,
        clockwork: Clockwork,
        clock: Clock,
        retried: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._engine = Engine(url)
        self.docket = self._engine.docket
        self._store = store
        self._reconciler = reconciler
        self._polling = polling
        self._alarms = Alarms(self.docket, clockwork, clock, retried)
        self._retried = retried
        self._carry_out: CarryOut | None = None
        self._poked: dict[MeetingId, float] = {}
        self._polls = 0
        for task in (self.wish, self.reconcile, self.poll, self.sweep):
            self.docket.register(task)

    # ------------------------------------------------------------ writing down

    async def write_down(self, key: str, sealed: str) -> None:
        """Write a wish down; it is carried out once the moment this returns, and the same key only once."""
        await self.docket.add("wish", key=f"wish:{key}")(key, sealed)

    async def follow(self, meeting_id: MeetingId) -> None:
        """Bring a meeting's thread up to date soon, and ask the provider about it in a while."""
        await self._reconcile_at(meeting_id, 0)
        now = time.monotonic()
        if now - self._poked.get(meeting_id, -POKED) >= POKED:
            self._forget_pokes(now)
            await self._poll_at(meeting_id, self._polling.every, quiet=0)
            self._poked[meeting_id] = now  # not before it is written down: whoever tries again must not be skipped

    async def follow_all(self, meetings: Mapping[MeetingId, str]) -> None:
        """Do for many what ``follow`` does for one, in one go.

        Args:
            meetings: with the reference of what made each of them change.

        """
        now, call = time.monotonic(), self.docket.call
        calls = [
            call("reconcile", when=moment_in(0), key=f"reconcile:{meeting}")(meeting, tries=0, ref=ref)
            for meeting, ref in meetings.items()
        ]
        unpolled = [meeting for meeting in meetings if now - self._poked.get(meeting, -POKED) >= POKED]
        later = moment_in(self._polling.every)
        calls += [call("poll", when=later, key=f"poll:{meeting}")(meeting, 0) for meeting in unpolled]
        for put in await self.docket.replace_many(calls):
            if put.schedule_exception:
                raise put.schedule_exception
        self._forget_pokes(now)
        self._poked |= dict.fromkeys(unpolled, now)

    async def ask_now(self, meeting_id: MeetingId) -> None:
        """Ask the provider about a meeting at once, whatever else is to be asked and when."""
        await self._ask_in(meeting_id, 0)

    def _forget_pokes(self, now: float) -> None:
        if len(self._poked) > 10_000:  # noqa: PLR2004 - bounds memory, not behaviour
            self._poked = {meeting: at for meeting, at in self._poked.items() if now - at < POKED}

    async def _reconcile_at(self, meeting_id: MeetingId, seconds: float) -> None:
        add = self.docket.replace("reconcile", when=moment_in(seconds), key=f"reconcile:{meeting_id}")
        await add(meeting_id, tries=0, ref=current_ref())

    async def _reconcile_again(self, meeting_id: MeetingId, seconds: float, *, tries: int = 0) -> None:
        # Under a key of its own: what goes on in its own time must not put off news that came meanwhile.
        add = self.docket.replace("reconcile", when=moment_in(seconds), key=f"reconcile-again:{meeting_id}")
        await add(meeting_id, tries=tries, ref=current_ref())

    async def _ask_in(self, meeting_id: MeetingId, seconds: float) -> None:
        # Under a key of its own for the same reason: the next poll of many must not stand in its place.
        await self.docket.replace("poll", when=moment_in(seconds), key=f"ask:{meeting_id}")(meeting_id, PROMPTED)

    async def _poll_at(self, meeting_id: MeetingId, seconds: float, *, quiet: int) -> None:
        await self.docket.replace("poll", when=moment_in(seconds), key=f"poll:{meeting_id}")(meeting_id, quiet)

    # ------------------------------------------------------------ the tasks

    async def wish(
        self,
        key: str,
        sealed: str,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=ATTEMPTS, minimum_delay=timedelta(seconds=0.5), maximum_delay=timedelta(seconds=30)
        ),
    ) -> None:
        """Carry out what a person asked for; raises only what a later try may mend."""
        if self._carry_out is None:
            raise RuntimeError("work has not begun")
        with self._counting("wish"):
            await self._carry_out(key, sealed, last=retry.attempt >= ATTEMPTS)

    @contextlib.contextmanager
    def _counting(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception:
            self._retried(what)
            raise

    async def reconcile(
        self,
        meeting_id: str,
        tries: int = 0,
        ref: str | None = None,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=None, minimum_delay=timedelta(seconds=1), maximum_delay=timedelta(seconds=60)
        ),
    ) -> None:
        """Make a thread equal to its meeting; while Slack is away, try ever more slowly."""
        del retry
        with bind(ref or new_ref()), self._counting("reconcile"):
            await self._alarms.wind(MeetingId(meeting_id))
            try:
                later = await self._reconciler.reconcile(MeetingId(meeting_id))
            except (ChatUnavailable, ProviderError) as trouble:
                pause = self._pause("reconcile", meeting_id, trouble, tries)
                await self._reconcile_again(MeetingId(meeting_id), pause, tries=tries + 1)
                return
            if later:
                await self._reconcile_again(MeetingId(meeting_id), later.seconds)

    def _pause(self, what: str, meeting_id: str, trouble: Exception, tries: int) -> float:
        """Count and log a try that failed through nobody's fault here; gives the seconds to wait."""
        self._retried(what)
        seconds = min(LONGEST_PAUSE, 2.0 ** min(tries, 10))
        log.warning("%s of %s: %s, again in %g s", what, meeting_id, trouble, seconds)
        return seconds

    async def poll(
        self,
        meeting_id: str,
        quiet: int,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=None, minimum_delay=timedelta(seconds=1), maximum_delay=timedelta(seconds=60)
        ),
    ) -> None:
        """Ask the provider about one meeting."""
        del retry
        if self._polls >= POLLS:
            await self._put_off(MeetingId(meeting_id), quiet)
            return
        self._polls += 1
        try:
            with bind(new_ref()), self._counting("poll"):
                coming = await self._polling.poll(MeetingId(meeting_id), quiet)
                await self._alarms.wind(MeetingId(meeting_id))  # an older replica drops alarms, which it does not know
        finally:
            self._polls -= 1
        if coming:
            await self._poll_at(MeetingId(meeting_id), coming.seconds, quiet=coming.quiet)

    async def _put_off(self, meeting_id: MeetingId, quiet: int) -> None:
        if quiet == PROMPTED:
            await self._ask_in(meeting_id, POLL_WAIT)
        else:
            await self._poll_at(meeting_id, POLL_WAIT, quiet=quiet)

    async def sweep(self, perpetual: Perpetual = Perpetual(every=SWEEP, automatic=True)) -> None:  # noqa: B008 - same
        """Find threads that are behind although nobody is at them, as after a crash between two writes."""
        del perpetual
        for meeting_id in await self._store.stale():
            # Whoever waits for a turn, or for Slack to come back, is waiting under this key and is left alone.
            await self.docket.add("reconcile", key=f"reconcile-again:{meeting_id}")(meeting_id)
        await self._engine.let_keys_expire()

    # ------------------------------------------------------------ running

    async def open(self) -> None:
        """Connect, so that work can be written down."""
        await self._engine.open()

    def begin(self, carry_out: CarryOut) -> None:
        """Start to carry out what is written down, in this process."""
        self._carry_out = carry_out
        self._engine.begin()

    @property
    def is_running(self) -> bool:
        """Whether tasks are being carried out in this process."""
        return self._engine.is_running

    async def depth(self) -> dict[str, int]:
        """Count the tasks that are ``due`` or in hand, and those for ``later``."""
        return await self._engine.depth()

    async def close(self) -> None:
        """Finish what is in hand, leave to others what takes too long, and disconnect."""
        await self._engine.close()

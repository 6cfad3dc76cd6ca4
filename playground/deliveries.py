"""Webhooks on their way to the bot: signed, sent, sent again by each provider's own rule, and made to go wrong."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from playground.faults import ProviderFaults
from playground.provider_flavours import Flavour
from playground.provider_keys import Keys
from playground.rooms import ProviderName, Webhook, new_id
from playground.timers import Changes, Pace, Timers

LOGGED_DELIVERIES = 1000
DROPPED, TIMED_OUT, UNREACHABLE = "dropped", "timed out", "unreachable"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver one event; ``status`` is None where no answer came, ``outcome`` says it in words."""

    provider: ProviderName
    event: str
    webhook_id: str
    uuid: str
    attempt: int
    outcome: str
    status: int | None
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class _Letter:
    flavour: Flavour
    hook: Webhook
    event: str
    body: bytes
    uuid: str = field(default_factory=new_id)


class Deliveries:
    """Sends webhooks.

    Args:
        keys: what they are signed with.
        faults: what happens to them.
        pace: how long an answer is waited for and how far apart repetitions are.
        now: what time it is.
        timers: where the deliveries run.
        changes: grows with every attempt.

    """

    def __init__(
        self,
        keys: Keys,
        *,
        faults: ProviderFaults,
        pace: Callable[[], Pace],
        now: Callable[[], datetime],
        timers: Timers,
        changes: Changes,
    ) -> None:
        self.log: deque[Delivery] = deque(maxlen=LOGGED_DELIVERIES)
        self._keys, self._faults, self._pace, self._now = keys, faults, pace, now
        self._timers, self._changes = timers, changes
        self._held: list[_Letter] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None

    async def start(self) -> None:
        """Open the client."""
        self._session = ClientSession()

    async def close(self) -> None:
        """Close the client; the timers are closed before."""
        if self._session is not None:
            await self._session.close()

    def send(self, flavour: Flavour, hook: Webhook, payload: Mapping[str, Any]) -> None:
        """Send an event to a webhook, or lose it, or hold it to be shuffled, as the faults say."""
        body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        letter = _Letter(flavour, hook, str(payload["event"]), body)
        faults = self._faults.webhooks
        if faults.loses_one():
            self._note(letter, 1, DROPPED, None)
            return
        letters = [letter, letter] if faults.double else [letter]
        if faults.shuffle > 1:
            self._hold(letters)
        else:
            for each in letters:
                self._begin([each])

    async def settled(self) -> None:
        """Wait until nothing is held or on its way, repetitions included."""
        self.release()
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    def release(self) -> None:
        """Send what is held now, in random order."""
        held, self._held = self._held, []
        self._faults.webhooks.random.shuffle(held)
        if held:
            self._begin(held)

    async def deliver_raw(
        self,
        flavour: Flavour,
        url: str,
        body: bytes,
        *,
        signature: str | None = None,
        uuid: str | None = None,
        webhook_id: str | None = None,
    ) -> int:
        """Send any bytes once, rightly signed unless a signature is given (empty: none at all), and give the status."""
        headers = self._headers(flavour, webhook_id or new_id(), uuid or new_id(), body)
        if signature is not None:
            headers[f"{flavour.prefix}-signature"] = signature
        sent = {name: value for name, value in headers.items() if value}
        async with self._client().post(url, data=body, headers=sent, allow_redirects=False) as answer:
            return answer.status

    # ------------------------------------------------------------ one letter

    def _begin(self, letters: list[_Letter]) -> None:
        task = self._timers.spawn(self._carry(letters))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _hold(self, letters: list[_Letter]) -> None:
        first = not self._held
        self._held += letters
        if len(self._held) >= self._faults.webhooks.shuffle:
            self.release()
        elif first:
            self._timers.after(self._faults.webhooks.shuffle_seconds, self.release)

    async def _carry(self, letters: list[_Letter]) -> None:
        """Deliver these one after another; what must be sent again is, without holding up the next."""
        await asyncio.sleep(self._faults.webhooks.late_seconds)
        for letter in letters:
            status = await self._attempt(letter, 1)
            if letter.flavour.retries.again(status):
                task = self._timers.spawn(self._repeat(letter))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def _repeat(self, letter: _Letter) -> None:
        for attempt in range(2, letter.flavour.retries.attempts + 1):
            await asyncio.sleep(self._pace().retry_seconds * 2 ** (attempt - 2))
            if not letter.flavour.retries.again(await self._attempt(letter, attempt)):
                return

    async def _attempt(self, letter: _Letter, attempt: int) -> int | None:
        headers = self._headers(letter.flavour, letter.hook.id, letter.uuid, letter.body)
        timeout = ClientTimeout(total=self._pace().answer_seconds)
        status: int | None = None
        try:
            async with self._client().post(
                letter.hook.url, data=letter.body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                status = answer.status
                outcome = str(status)
        except TimeoutError:
            outcome = TIMED_OUT
        except (ClientError, OSError):
            outcome = UNREACHABLE
        self._note(letter, attempt, outcome, status)
        return status

    def _headers(self, flavour: Flavour, webhook_id: str, uuid: str, body: bytes) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "user-agent": f"{flavour.name}-webhooks",
            f"{flavour.prefix}-signature": self._keys.of(flavour.name).sign_text(body),
            f"{flavour.prefix}-uuid": uuid,
            f"{flavour.prefix}-webhook-id": webhook_id,
        }

    def _note(self, letter: _Letter, attempt: int, outcome: str, status: int | None) -> None:
        self.log.append(
            Delivery(
                letter.flavour.name,
                letter.event,
                letter.hook.id,
                letter.uuid,
                attempt,
                outcome,
                status,
                letter.body,
                self._now(),
            )
        )
        self._changes.bump()

    def _client(self) -> ClientSession:
        if self._session is None:
            raise RuntimeError("The simulator has not been started")
        return self._session

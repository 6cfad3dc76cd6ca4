"""What can be made to go wrong at the provider: single calls, the whole service, uploads, and webhooks on their way."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any, Literal

from playground.rooms import ProviderName

Trouble = Literal["fail", "slow", "hang", "drop"]
"""An error answer, a late one, none at all, or a connection that breaks."""

ANY_CALL = "*"


@dataclass(slots=True)
class CallFault:
    """What happens to the next ``times`` calls of one operation.

    Args:
        operation: the operation's name as in ``ProviderSimulator.calls``, ``*`` for any.
        trouble: what goes wrong.
        times: how many calls are hit.
        after: whether the call has its effect first.
        provider: the one it is meant for, None for both.
        status: of an error answer.
        body: of an error answer; None gives the provider's usual envelope.
        headers: of an error answer.
        seconds: how late a slow answer is.
        for_good: whether every connection breaks from a broken one on.

    """

    operation: str
    trouble: Trouble
    times: int = 1
    after: bool = False
    provider: ProviderName | None = None
    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    for_good: bool = False

    def hits(self, provider: ProviderName, operation: str) -> bool:
        """Tell whether this call is meant."""
        return self.times > 0 and self.operation in (ANY_CALL, operation) and self.provider in (None, provider)


@dataclass(slots=True)
class WebhookFaults:
    """What happens to webhooks between the provider and the bot.

    Args:
        drop_all: every delivery is lost.
        drop_next: that many are lost.
        drop_chance: each is lost with this probability, 0 to 1.
        double: each arrives twice.
        shuffle: that many are held, then sent in random order; below 2 nothing is held.
        shuffle_seconds: the longest that any is held for the sake of shuffling.
        late_seconds: each starts that much later.
        random: where chance comes from.

    """

    drop_all: bool = False
    drop_next: int = 0
    drop_chance: float = 0.0
    double: bool = False
    shuffle: int = 0
    shuffle_seconds: float = 3.0
    late_seconds: float = 0.0
    random: Random = field(default_factory=Random)

    def loses_one(self) -> bool:
        """Decide whether the delivery at hand is lost, and count it."""
        if self.drop_next > 0:
            self.drop_next -= 1
            return True
        return self.drop_all or (self.drop_chance > 0 and self.random.random() < self.drop_chance)


@dataclass(slots=True)
class ProviderFaults:
    """Every switch of the provider's side; tests and the panel turn the same ones.

    Args:
        slow_seconds: each call is answered that much later.
        down: each call is answered 500.
        refused: each call is answered as if the credentials were wrong.
        unreachable: each connection breaks before the call has an effect.
        fail_uploads: that many uploads end ERRORED.
        fail_livestreams: that many livestreams end ERRORED instead of going on air.
        livestreams_outlive: a livestream goes on when its session has ended.
        links_expired: the links to recordings have run out, as seven days after their upload.
        short_recordings_fail: recordings under five seconds end ERRORED, as the providers warn.
        paused_webhooks: PAUSED is announced too, which neither provider documents.
        sparse_joins: Dyte's joins and leaves carry only ``clientSpecificId`` and no times, as in old samples.
        webhooks: what happens to webhooks on their way.
        calls: what happens to single calls, first match first.

    """

    slow_seconds: float = 0.0
    down: bool = False
    refused: bool = False
    unreachable: bool = False
    fail_uploads: int = 0
    fail_livestreams: int = 0
    livestreams_outlive: bool = False
    links_expired: bool = False
    short_recordings_fail: bool = False
    paused_webhooks: bool = False
    sparse_joins: bool = False
    webhooks: WebhookFaults = field(default_factory=WebhookFaults)
    calls: list[CallFault] = field(default_factory=list)

    def fail(self, operation: str, status: int = 500, body: Any = None, **more: Any) -> None:
        """Answer the next calls of an operation with an error; see ``CallFault`` for ``more``."""
        self.calls.append(CallFault(operation, "fail", status=status, body=body, **more))

    def slow(self, operation: str, seconds: float, **more: Any) -> None:
        """Answer the next calls of an operation late."""
        self.calls.append(CallFault(operation, "slow", seconds=seconds, **more))

    def hang(self, operation: str, **more: Any) -> None:
        """Never answer the next calls of an operation."""
        self.calls.append(CallFault(operation, "hang", **more))

    def drop(self, operation: str, **more: Any) -> None:
        """Break the connection of the next calls of an operation."""
        self.calls.append(CallFault(operation, "drop", **more))

    def take(self, provider: ProviderName, operation: str) -> CallFault | None:
        """Find the fault that hits this call and count it."""
        fault = next((fault for fault in self.calls if fault.hits(provider, operation)), None)
        if fault is not None:
            fault.times -= 1
            self.calls = [other for other in self.calls if other.times > 0]
        return fault

    def upload_fails(self) -> bool:
        """Decide whether the upload at hand fails, and count it."""
        if self.fail_uploads <= 0:
            return False
        self.fail_uploads -= 1
        return True

    def livestream_fails(self) -> bool:
        """Decide whether the livestream at hand fails, and count it."""
        if self.fail_livestreams <= 0:
            return False
        self.fail_livestreams -= 1
        return True

    def clear(self) -> None:
        """Make everything go well again."""
        fresh = ProviderFaults(webhooks=WebhookFaults(random=self.webhooks.random))
        for each in fields(self):
            setattr(self, each.name, getattr(fresh, each.name))

    def switches(self) -> dict[str, Any]:
        """Give every switch that can be set from outside, webhooks' as ``webhooks.<name>``."""
        own = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("webhooks", "calls")}
        theirs = {
            f"webhooks.{each.name}": getattr(self.webhooks, each.name)
            for each in fields(self.webhooks)
            if each.name != "random"
        }
        return own | theirs

    def switch(self, name: str, value: Any) -> None:
        """Set one of the ``switches``.

        Raises:
            KeyError: there is no such switch.
            ValueError: the value is of another kind or below zero.

        """
        kind = type(self.switches()[name])
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind or value < 0:
            raise ValueError(f"{name} is not {value!r}")
        owner, _, attribute = name.rpartition(".")
        setattr(self.webhooks if owner else self, attribute, value)

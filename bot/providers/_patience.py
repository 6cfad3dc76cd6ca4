"""How long to wait for a provider, and how often to ask again."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import stamina

from bot.errors import ProviderUnavailable


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that one request may take, whatever the session allows."""

    total: float = 10.0
    connect: float = 3.0


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently a request is repeated, where repeating is safe.

    Args:
        attempts: requests in all, the first one included.
        within: seconds after which no further attempt is made.
        wait_initial: seconds before the second attempt, doubled for each one after it.
        wait_max: most seconds between two attempts.
        wait_jitter: most seconds added by chance, so that replicas do not knock together.
        longest_retry_after: a longer ``Retry-After`` is not waited for; the call fails at once.
        repeated: told of every attempt but the first.

    """

    attempts: int = 3
    within: float = 25.0
    wait_initial: float = 0.2
    wait_max: float = 3.0
    wait_jitter: float = 0.2
    longest_retry_after: float = 8.0
    repeated: Callable[[], None] = lambda: None

    def rounds(self) -> AsyncIterator[stamina.Attempt]:
        """Give the attempts; one that ends in ``Again`` is followed by another."""
        return stamina.retry_context(
            on=_may_repeat,
            attempts=self.attempts,
            timeout=self.within,
            wait_initial=self.wait_initial,
            wait_max=self.wait_max,
            wait_jitter=self.wait_jitter,
        )

    def heed(self, error: ProviderUnavailable, retry_after: str | None) -> ProviderUnavailable:
        """Mind when the provider says to come back; a date instead of seconds is as good as nothing."""
        if not isinstance(error, Again) or not retry_after or not retry_after.isdecimal():
            return error
        error.after = float(retry_after[:9])
        return error if error.after <= self.longest_retry_after else error.final()


class Again(ProviderUnavailable):
    """A failure after which the same request may be sent once more; ``after`` seconds, if the provider said so."""

    after: float | None = None

    def final(self) -> ProviderUnavailable:
        """Say the same without the offer to try again."""
        return ProviderUnavailable(str(self), status=self.status, unclear=self.unclear)


USUAL_TIMEOUTS = Timeouts()
USUAL_RETRIES = Retries()


def _may_repeat(error: Exception) -> bool | float:
    """Tell stamina whether, and after how many seconds."""
    if not isinstance(error, Again):
        return False
    return True if error.after is None else error.after

"""What can be made to go wrong on Slack's side, for tests and for the playground's switches."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, Literal

FaultKind = Literal["ratelimited", "status", "error", "drop_before", "drop_after", "delay"]

ANY_METHOD = "*"
RESPONSE_URL = "response_url"
"""The name under which faults for posts to a response_url are kept."""


@dataclass(frozen=True, slots=True)
class SlackFault:
    """One call's bad luck."""

    kind: FaultKind
    status: int = 200
    body: str = ""
    error: str = ""
    seconds: float = 0.0


class SlackFaults:
    """Bad luck waiting for calls, by method name (``*`` for whichever comes next), and the token's standing."""

    def __init__(self) -> None:
        self.token_error: str | None = None
        self._waiting: defaultdict[str, deque[SlackFault]] = defaultdict(deque)

    def take(self, method: str) -> SlackFault | None:
        """Give the fault that this call meets, if any, and use it up."""
        for name in (method, ANY_METHOD):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return None

    def is_waiting(self, method: str) -> bool:
        """Tell whether calls of a method are to meet a fault still."""
        return bool(self._waiting[method])

    def add(self, method: str, fault: SlackFault, times: int = 1) -> None:
        """Let the next calls of a method meet this fault."""
        self._waiting[method].extend([fault] * times)

    def ratelimit(self, method: str, times: int = 1, *, retry_after: int = 1) -> None:
        """Answer 429 with Retry-After, doing nothing."""
        self.add(method, SlackFault("ratelimited", seconds=retry_after), times)

    def server_error(self, method: str, times: int = 1, *, status: int = 500) -> None:
        """Answer a server error, doing nothing."""
        self.add(method, SlackFault("status", status=status, body="Internal Server Error"), times)

    def bad_gateway(self, method: str, times: int = 1) -> None:
        """Answer 502 with a web page, doing nothing."""
        page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
        self.add(method, SlackFault("status", status=502, body=page), times)

    def error(self, method: str, error: str, times: int = 1) -> None:
        """Answer ``ok: false`` with this error code, doing nothing."""
        self.add(method, SlackFault("error", error=error), times)

    def drop_before(self, method: str, times: int = 1) -> None:
        """Close the connection without an answer, having done nothing."""
        self.add(method, SlackFault("drop_before"), times)

    def drop_after(self, method: str, times: int = 1) -> None:
        """Do what was asked, then close the connection without an answer."""
        self.add(method, SlackFault("drop_after"), times)

    def delay(self, method: str, seconds: float, times: int = 1) -> None:
        """Do what was asked at once, and answer after so many seconds."""
        self.add(method, SlackFault("delay", seconds=seconds), times)

    def revoke_token(self) -> None:
        """Take the bot's token away, as when the app is removed."""
        self.token_error = "token_revoked"  # noqa: S105 - Slack's error code

    def deactivate_account(self) -> None:
        """Switch the workspace's account off."""
        self.token_error = "account_inactive"  # noqa: S105 - Slack's error code

    def restore_token(self) -> None:
        """Let the token be good again."""
        self.token_error = None

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()
        self.restore_token()

    def waiting(self) -> dict[str, Any]:
        """Say what is still to go wrong: the token's standing, and how many calls of which method."""
        counts = {method: len(faults) for method, faults in self._waiting.items() if faults}
        return {"token": self.token_error, "calls": counts}

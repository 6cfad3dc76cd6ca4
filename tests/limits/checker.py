"""Holds a log of Web API calls to Slack's limits as the bot promises to keep them, and to the order of threads."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from playground.slack_web_api import Call

POST, EDIT = "chat.postMessage", "chat.update"
POST_EVERY, EDIT_EVERY = timedelta(seconds=1), timedelta(seconds=3)
TICK = timedelta(milliseconds=10)
"""Redis counts in milliseconds, and a call is noted a moment after it came."""
ON_THE_WAY = timedelta(milliseconds=60)
"""For so long after a 429 a call may still arrive that was sent before anybody knew of it."""


def breaches(calls: Sequence[Call]) -> list[str]:
    """Say everything in which these calls were more than the bot may make, or out of order."""
    return [*_too_soon(_posts(calls), POST_EVERY), *_too_soon(_card_edits(calls), EDIT_EVERY), *_replies_first(calls)]


def while_closed(calls: Sequence[Call], seconds: float) -> list[Call]:
    """Give the calls to a method that came while Slack had it closed for so long, posts by their channel."""
    closed = timedelta(seconds=seconds)
    found = []
    for number, refused in enumerate(calls):
        if refused.status == 429:  # one that comes during the ban is a breach, and begins no ban of its own
            later = [call for call in calls[number + 1 :] if _what_is_closed(call) == _what_is_closed(refused)]
            found += [call for call in later if ON_THE_WAY < call.at - refused.at < closed - TICK]
    return found


def refused(calls: Iterable[Call], error: str) -> list[Call]:
    """Give the calls that were answered with this error."""
    return [call for call in calls if call.answer.get("error") == error]


def slot_of(call: Call) -> str:
    """Name the message of a thread that a post is."""
    return str(((call.args.get("metadata") or {}).get("event_payload") or {}).get("slot", ""))


def _what_is_closed(call: Call) -> Hashable:
    return call.method, call.args.get("channel") if call.method == POST else None


def _posts(calls: Iterable[Call]) -> Iterator[tuple[str, Call]]:
    return ((call.answer["channel"], call) for call in calls if call.method == POST and call.answer.get("ok"))


def _card_edits(calls: Sequence[Call]) -> Iterator[tuple[str, Call]]:
    cards = {call.answer["ts"] for call in calls if slot_of(call) == "card" and call.answer.get("ok")}
    edits = (call for call in calls if call.method == EDIT and call.answer.get("ok"))
    return ((call.args["ts"], call) for call in edits if call.args["ts"] in cards)


def _too_soon(kept_apart: Iterable[tuple[str, Call]], every: timedelta) -> Iterator[str]:
    by_place: defaultdict[str, list[Call]] = defaultdict(list)
    for place, call in kept_apart:
        by_place[place].append(call)
    for place, calls in by_place.items():
        for earlier, later in pairwise(calls):
            if later.at - earlier.at < every - TICK:
                yield f"{later.method} in {place} {(later.at - earlier.at).total_seconds():.3f} s after the one before"


def _replies_first(calls: Sequence[Call]) -> Iterator[str]:
    posted: Callable[[Call], bool] = lambda call: call.method == POST and bool(call.answer.get("ok"))  # noqa: E731
    standing: set[str] = set()
    for call in filter(posted, calls):
        parent = call.args.get("thread_ts")
        if parent and parent not in standing:
            yield f"{slot_of(call)} was posted before the card that it belongs to"
        standing.add(call.answer["ts"])

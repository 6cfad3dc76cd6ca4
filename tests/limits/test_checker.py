"""What looks for breaches finds them, and finds none where there is none."""

from datetime import timedelta
from typing import Any

from playground.slack_web_api import Call
from tests.limits.checker import breaches, while_closed
from tests.support.stories import BEGUN


def call(method: str, seconds: float, *, ts: str = "", status: int = 200, **args: Any) -> Call:
    answer = {"ok": status == 200, "channel": args.get("channel", "C1"), "ts": ts}
    return Call(method, {"channel": "C1", **args}, answer, BEGUN + timedelta(seconds=seconds), status)


def post(seconds: float, ts: str, slot: str = "card", **args: Any) -> Call:
    return call("chat.postMessage", seconds, ts=ts, metadata={"event_payload": {"slot": slot}}, **args)


def edit(seconds: float, ts: str) -> Call:
    return Call("chat.update", {"channel": "C1", "ts": ts}, {"ok": True}, BEGUN + timedelta(seconds=seconds))


def test_two_posts_in_a_channel_within_a_second_are_found() -> None:
    assert not breaches([post(0, "1"), post(1, "2"), post(1.2, "3", channel="C2")])
    assert len(breaches([post(0, "1"), post(0.9, "2")])) == 1


def test_two_edits_of_a_card_within_three_seconds_are_found_and_edits_of_replies_are_free() -> None:
    story = [post(0, "1"), post(1, "2", "recording:r1", thread_ts="1")]

    assert not breaches([*story, edit(2, "1"), edit(2.1, "2"), edit(2.2, "2"), edit(5, "1")])
    assert len(breaches([*story, edit(2, "1"), edit(4.9, "1")])) == 1


def test_a_reply_before_its_card_is_found() -> None:
    assert len(breaches([post(0, "2", "ready:r1", thread_ts="1"), post(1, "1")])) == 1


def test_calls_while_a_method_is_closed_are_found_and_those_on_their_way_are_not() -> None:
    ban = call("chat.update", 0, status=429)

    assert not while_closed([ban, edit(0.02, "1"), edit(2, "1"), post(0.5, "3")], 2)
    assert len(while_closed([ban, edit(1.5, "1")], 2)) == 1


def test_posts_are_closed_channel_by_channel() -> None:
    ban = call("chat.postMessage", 0, status=429, channel="C1")

    assert not while_closed([ban, post(1, "1", channel="C2")], 2)
    assert len(while_closed([ban, post(1, "1", channel="C1")], 2)) == 1

"""Every way in which a call of the video service can go wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from playground.faults import ProviderFaults
from playground.provider_flavours import CLOUDFLARE_REFUSAL

Way = Callable[[ProviderFaults, str], None]
"""Lets an operation go wrong from now on, until everything is mended."""

ALWAYS = 1_000
"""As often as it is tried."""
NO_ROUTE = {"success": False, "errors": [{"code": 7003, "message": "Could not route"}], "result": None}
PAGE = "<html><h1>502 Bad Gateway</h1></html>"


def _answered(status: int, body: Any = None, **more: Any) -> Way:
    return lambda faults, operation: faults.fail(operation, status, body, times=ALWAYS, **more)


def _once(status: int, body: Any = None, **more: Any) -> Way:
    return lambda faults, operation: faults.fail(operation, status, body, **more)


def _lost(*, after: bool, times: int, **more: Any) -> Way:
    return lambda faults, operation: faults.drop(operation, after=after, times=times, **more)


WAYS: Mapping[str, Way] = {
    "400": _answered(400),
    "401": _answered(401),
    "the gateway's 403": _answered(403, CLOUDFLARE_REFUSAL),
    "the gateway's refusal as a 400": _answered(400, CLOUDFLARE_REFUSAL),
    "404": _answered(404),
    "the gateway's 404": _answered(404, NO_ROUTE),
    "409": _answered(409),
    "429": _answered(429, headers={"Retry-After": "600"}),
    "500": _answered(500),
    "500, after its effect": _answered(500, after=True),
    "a gateway's page": _answered(502, PAGE),
    "a gateway's page, after its effect": _answered(502, PAGE, after=True),
    "a connection lost before its effect": _lost(after=False, times=ALWAYS),
    "a connection lost after its effect": _lost(after=True, times=ALWAYS),
    "a connection lost after its effect, once": _lost(after=True, times=1),
    "a connection lost after its effect, and silence from then on": _lost(after=True, times=1, for_good=True),
    "no JSON": _answered(200, "Welcome to our Wi-Fi!"),
    "no JSON, after its effect": _answered(200, "Welcome to our Wi-Fi!", after=True),
    "no JSON, once": _once(200, "Welcome to our Wi-Fi!", after=True),
    "JSON of nothing": _answered(200, {}),
    "JSON of nothing, after its effect": _answered(200, {}, after=True),
    "JSON of something else": _answered(200, {"success": True, "data": ["what"]}),
    "JSON of something else, after its effect": _answered(200, {"success": True, "data": ["what"]}, after=True),
    "JSON that says no": _answered(200, {"success": False, "error": {"code": 1, "message": "not today"}}),
}

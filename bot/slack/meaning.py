"""What each of Slack's refusals means: what can be done about it, and whether the same would be refused again."""

import math
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import ChatBusy, ChatError, ChatRefused, ChatUnavailable, MessageGone, MessageRefused, TokenDead

UNREADABLE = (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)
"""What slack_sdk raises where no answer of Slack's came. It looks into every answer of 200 as if it were an object, and
a proxy's is not."""
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500
EDIT = "chat.update"
LONGEST = 86_400.0
"""Seconds for which a method is taken to be closed at most, whatever is asked."""
DEAD = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required"}
GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
REFUSED = {
    "access_denied",
    "cannot_dm_bot",
    "channel_is_limited_access",
    "channel_not_found",
    "ekm_access_denied",
    "invalid_channel",
    "is_archived",
    "is_inactive",
    "messages_tab_disabled",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_in_channel",
    "team_access_not_granted",
    "thread_not_found",
    "user_disabled",
    "user_not_found",
}
"""The place takes nothing from us; what begins with ``restricted_action`` says so too."""
TOO_MANY = {"ratelimited", "rate_limited"}
PASSING = {
    "fatal_error",
    "fetch_members_failed",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}


def meaning(method: str, refusal: SlackApiError) -> ChatError:
    """Sort Slack's refusal by what can be done about it (docs.slack.dev, each method's list of errors)."""
    response = refusal.response
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code = str(data.get("error", "")) or f"http_{status}"
    if status == TOO_MANY_REQUESTS or code in TOO_MANY:
        return ChatBusy(method, _retry_after(response))
    if status >= SERVER_ERROR or code in PASSING or not data:
        return ChatUnavailable(code)
    return _refusal(method, code)


def _refusal(method: str, code: str) -> ChatError:
    if code in DEAD:
        return TokenDead(code)
    if code in GONE and method == EDIT:
        return MessageGone(code)
    # What is not there can be no place for anything either.
    if code in REFUSED | GONE or code.startswith("restricted_action"):
        return ChatRefused(code)
    # What is left is about this one message, whether or not its code is known: no reason to move a whole thread.
    return MessageRefused(code)


def _retry_after(response: Any) -> float:
    headers = {key.lower(): value for key, value in dict(getattr(response, "headers", {}) or {}).items()}
    return seconds_in(headers.get("retry-after"))


def seconds_in(retry_after: str | None) -> float:
    """Read a ``Retry-After``; a second where it says nothing that can be read, and never less."""
    try:
        seconds = float(retry_after or 1)
    except ValueError:
        return 1.0
    return min(LONGEST, max(1.0, seconds)) if math.isfinite(seconds) else 1.0

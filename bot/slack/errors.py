"""What a person is told when something went wrong: in words they can use, with a reference that is also in the log."""

import logging

from redis.exceptions import RedisError

from bot.errors import (
    ChatBusy,
    ChatError,
    ChatUnavailable,
    HalfEnded,
    HalfHanded,
    HalfRemoved,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
    ProviderUnavailable,
    StoreBusy,
    TokenDead,
    UserError,
    WrittenByNewer,
)
from bot.views.blocks import escape
from bot.views.refusals import token_dead

log = logging.getLogger(__name__)

PASSING = (RedisError, StoreBusy, ConnectionError)
"""Trouble of our own that a later try may mend; nobody needs to hear of it unless it lasts."""


def may_pass(error: Exception) -> bool:
    """Tell trouble that a later try may mend, but for what only a newer replica can read: of that people hear now."""
    return isinstance(error, PASSING) and not isinstance(error, WrittenByNewer)


def outcome_of(error: Exception) -> str:
    """Say in one word how a wish ended that a listener did not carry out."""
    match error:
        case UserError():
            return "refused"
        case ProviderError():
            return "provider_trouble"
        case ChatError():
            return "slack_trouble"
        case _:
            return "trouble"


def explain(error: Exception, ref: str) -> str:
    """Say what happened and what to do next, and log it under the same reference.

    Args:
        error: what a listener raised.
        ref: the reference id of the wish.

    """
    match error:
        case HalfEnded() | HalfHanded() | HalfRemoved():
            log.warning("half done: %s", error.__cause__)
            said = f"{error} (ref {ref})"
        case UserError():
            log.info("told the person: %s", error)
            said = str(error)
        case ProviderUnavailable():
            log.warning("provider unavailable: %s", error)
            said = f"The video service is not answering right now{_what_next(error)} (ref {ref})"
        case ProviderRefused():
            log.error("provider refuses our credentials: %s", error)
            said = (
                f"The video service does not accept Greenroom's credentials{_whether(error)}"
                f"Please tell whoever runs Greenroom. (ref {ref})"
            )
        case ProviderRejected():
            log.warning("provider rejected the request: %s", error)
            said = (
                f"The video service did not accept this ({escape(str(error)).rstrip('.')}){_whether(error)}"
                f"If it goes on, please tell whoever runs Greenroom. (ref {ref})"
            )
        case ProviderError():
            log.error("provider trouble: %s", error)
            said = f"The video service answered in a way I do not understand. Please try again. (ref {ref})"
        case ChatError():
            said = f"{_slacks(error)} (ref {ref})"
        case _:
            log.error("unexpected trouble", exc_info=error)
            said = f"Something went wrong on my side, and it is in the log. Please try again. (ref {ref})"
    return said


def _slacks(error: ChatError) -> str:
    match error:
        case ChatBusy():
            log.warning("Slack asks to be called later: %s in %g s", error.method, error.retry_after)
            return "Slack asks me to slow down, so I could not finish this. Please try again in a minute."
        case ChatUnavailable():
            log.warning("Slack does not answer: %s", error.code)
            return "Slack did not answer me, so I could not finish this. Please try again in a minute."
        case TokenDead():
            log.error("Slack refuses our token (%s)", error.code)
            return token_dead(error.code, "finish this")
        case _:
            log.error("Slack refuses what is needed for this (%s)", error.code)
            return (
                f"Slack does not let me do this (`{escape(error.code)}`). "
                "If it goes on, please tell whoever runs Greenroom."
            )


def _what_next(error: ProviderUnavailable) -> str:
    look = "Please look again in a minute, and try again if it did not."
    return _whether(error) + (look if error.unclear else "Please try again in a minute.")


def _whether(error: ProviderError) -> str:
    if error.unclear:
        return ", and I cannot tell whether it did what you asked. "
    return ". Nothing was changed. "

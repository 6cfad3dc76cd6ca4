"""The Bolt app: who we are, what every listener is given, and what becomes of errors."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import explain, may_pass, outcome_of
from bot.slack.identity import Identity
from bot.slack.respond import Respond, Responder
from bot.views.replies import plain

log = logging.getLogger(__name__)

WISH, ANSWER, REFERENCE, LAST_TRY, FAILURE, OUTCOME = (
    "wish",
    "answer",
    "reference",
    "last_try",
    "failure",
    "outcome",
)
"""What is put into Bolt's context beside our services; listeners ask for these by name."""


def build_app(
    client: AsyncWebClient, identity: Identity, responder: Responder, services: Mapping[str, object]
) -> AsyncApp:
    """Build the app; it dispatches wishes that were verified, written down and acknowledged before.

    Args:
        client: for the Web API, with a session of ours.
        identity: who the bot is.
        responder: the way back to people.
        services: what listeners may ask for, by parameter name.

    """

    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=identity.token,
            bot_id=identity.bot_id,
            bot_user_id=identity.user_id,
        )

    bolt_log = logging.getLogger("slack_bolt")
    bolt_log.addFilter(_worth_telling)
    app = AsyncApp(
        logger=bolt_log,
        client=client,
        # Requests are verified before they are written down (bot/slack/inbox.py); Bolt sees only what passed.
        signing_secret="verified before",  # noqa: S106 - not a secret
        authorize=authorize,
        process_before_response=True,  # a wish is done when its listener is; nobody waits for an answer here
    )
    app.use(_acknowledge)
    app.use(_offering(responder, services))
    app.error(_tell)
    return app


def _worth_telling(record: logging.LogRecord) -> bool:
    """Leave out Bolt's warnings that ``authorize`` and our client win over a token: that is what we want."""
    return not record.getMessage().endswith(("will be ignored.", "will be unused."))


async def _acknowledge(ack: AsyncAck, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt's own name
    """Satisfy Bolt: Slack got its answer when the wish was written down."""
    await ack()
    await next()


def _offering(
    responder: Responder, services: Mapping[str, object]
) -> Callable[[AsyncBoltContext, dict[str, Any], Callable[[], Awaitable[None]]], Awaitable[None]]:
    async def offer(
        context: AsyncBoltContext,
        body: dict[str, Any],
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt's own name
    ) -> None:
        """Let listeners ask for our services, and for the way back to the person, by name."""
        context.update(services)
        context[ANSWER] = responder.to(body)
        await next()

    return offer


async def _tell(error: Exception, context: AsyncBoltContext, body: dict[str, Any]) -> None:
    """Tell the person, or have it tried again where that may mend it."""
    if may_pass(error) and not context.get(LAST_TRY):
        context[FAILURE] = error
        return
    context[OUTCOME] = outcome_of(error)
    answer: Respond | None = context.get(ANSWER)
    text = explain(error, str(context.get(REFERENCE, "")))
    if answer is None:
        log.error("nobody could be told: %s", body.get("type") or body.get("command"))
        return
    await answer(plain(text))

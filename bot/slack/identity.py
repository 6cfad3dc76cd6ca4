"""Who the bot is in its workspace; asked once, so that no request costs an auth.test."""

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ChatBusy, SettingsError
from bot.slack.meaning import DEAD, UNREADABLE, meaning

log = logging.getLogger(__name__)

METHOD = "auth.test"


class Identity:
    """The bot's token and what Slack says of it; ``closed`` where it said that it is to be asked later."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.bot_id: str | None = None
        self.user_id: str | None = None
        self.team_id: str | None = None
        self.scopes: frozenset[str] = frozenset()
        self.closed: ChatBusy | None = None

    async def learn(self, client: AsyncWebClient) -> None:
        """Ask Slack (auth.test); a Slack that is away is no reason not to start.

        Raises:
            SettingsError: Slack does not accept the token.

        """
        try:
            answer = await client.auth_test()
        except SlackApiError as refusal:
            data = refusal.response.data if isinstance(getattr(refusal.response, "data", None), dict) else {}
            code = str(data.get("error", ""))
            if code in DEAD:
                raise SettingsError([f"SLACK_BOT_TOKEN is refused by Slack ({code}): reinstall the app"]) from None
            meant = meaning(METHOD, refusal)
            self.closed = meant if isinstance(meant, ChatBusy) else None
            log.warning("Slack did not say who we are (%s)", code or "no answer")
            return
        except UNREADABLE as trouble:
            log.warning("Slack cannot be reached (%s); going on", type(trouble).__name__)
            return
        self.bot_id, self.user_id, self.team_id = answer.get("bot_id"), answer.get("user_id"), answer.get("team_id")
        headers = {key.lower(): value for key, value in dict(answer.headers or {}).items()}
        self.scopes = frozenset(str(headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")) - {""}

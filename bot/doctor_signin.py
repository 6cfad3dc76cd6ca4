"""The doctor's look at signing in with Slack: whether anybody could, and what for."""

from bot.errors import ChatError
from bot.findings import BAD, GOOD, WEAK, Finding
from bot.outside import Outside, sign_in_with_slack
from bot.settings import Settings
from bot.slack.chat import SlackChat
from bot.slack.closed import AlwaysOpen

WHAT = "Sign in with Slack"
SEES = ("channels:read", "groups:read")
"""Without these there is no channel in which anybody could join at one click."""


async def sign_in_findings(settings: Settings, world: Outside, granted: set[str]) -> list[Finding]:
    """Look at the app's client id and secret; nothing is found where they are not set."""
    if not settings.slack_client_id:
        return []
    slack = sign_in_with_slack(settings, world, SlackChat(world.slack, lambda *_: None, AlwaysOpen()))
    if slack is None or not settings.public_url:
        return [Finding(WHAT, WEAK, "has no effect without PUBLIC_URL: people join by private answers")]
    try:
        refused = await slack.credentials_refused(settings.public_url)
    except ChatError as trouble:
        return [Finding(WHAT, BAD, f"Slack cannot be reached ({trouble.code}): check SLACK_SIGNIN_URL")]
    if refused:
        return [Finding(WHAT, BAD, f"refused: {refused}. Check SLACK_CLIENT_ID and SLACK_CLIENT_SECRET")]
    if not granted.intersection(SEES):
        missing = ", ".join(SEES)
        return [Finding(WHAT, WEAK, f"has no effect without {missing}: update the app's manifest and reinstall it")]
    back = f"{settings.public_url}/signin/callback"
    return [Finding(WHAT, GOOD, f"accepted; {back} has to be among the app's redirect URLs")]

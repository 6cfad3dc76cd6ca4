"""``/meet help`` and ``/record help``: everything that can be typed."""

from bot.routes import Routes, SlashCommand
from bot.slack.respond import Respond
from bot.views import replies


def register(routes: Routes) -> None:
    """Answer ``help`` after either command."""
    routes.meet.add("help", explain_meet, summary="See this list")
    routes.record.add("help", explain_record, summary="See this list")


async def explain_meet(answer: Respond, meet_command: SlashCommand, record_command: SlashCommand) -> None:
    """List what can be typed, meetings first."""
    await answer(replies.help_text(_lines(meet_command), _lines(record_command)))


async def explain_record(answer: Respond, meet_command: SlashCommand, record_command: SlashCommand) -> None:
    """List what can be typed, recordings first."""
    await answer(replies.help_text(_lines(record_command), _lines(meet_command)))


def _lines(command: SlashCommand) -> list[str]:
    return [f"`{word.example}` {word.summary}" for word in command.words]

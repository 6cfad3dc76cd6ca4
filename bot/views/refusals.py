"""Why somebody may not do something: who may, and what to do next."""

from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.rules import Act, Circle, Rules, Who
from bot.views.blocks import escape
from bot.views.words import mention

DOING: Mapping[Act, str] = {
    Act.START: "start meetings here",
    Act.JOIN: "join this meeting",
    Act.RECORD: "record this meeting",
    Act.WATCH: "watch recordings of this channel",
    Act.END: "end this meeting for everyone",
    Act.LIVE: "take this meeting live",
    Act.INVITE: "let guests without Slack in",
    Act.PEOPLE: "hand this meeting over, add or remove people, or mute them",
}
"""What each act is called after "may"."""


def not_allowed(act: Act, who: Who, rules: Rules, host: UserId | None) -> str:
    """Say it to the person, kindly.

    Args:
        act: what they wanted to do.
        who: what they are to the meeting.
        rules: what holds in its channel.
        host: of the meeting, where there is one.

    """
    doing = DOING[act]
    if who is Who.NOBODY:
        return f"Only people of this workspace may {doing}, and Slack says that you are not one of them."
    if who is Who.UNKNOWN:
        return f"Slack did not tell me whether you may {doing}. Please try again in a minute."
    if rules.circle(act) is Circle.HOST:
        return _host_alone(act, doing, host)
    if rules.circle(act) is Circle.EVERYONE:  # so it is what guests and others may at most that stands in the way
        return f"{_those(who)} may not {doing}. {_ask(act, host)}"
    return f"Only members of this workspace may {doing}, and Slack says that you are {_one(who)}. {_ask(act, host)}"


def _host_alone(act: Act, doing: str, host: UserId | None) -> str:
    if host is None or act is Act.START:
        return f"Only admins of this workspace may {doing}. Please ask one of them."
    return (
        f"Only the host, {mention(host)}, may {doing}. Ask them to do it, or to hand the meeting over to you "
        "with `/meet host` and your name."
    )


def _those(who: Who) -> str:
    return "People of other organisations" if who is Who.OUTSIDE else "Guests of this workspace"


def _one(who: Who) -> str:
    return "of another organisation" if who is Who.OUTSIDE else "a guest"


def _ask(act: Act, host: UserId | None) -> str:
    if host is None or act is Act.START:
        return "Please ask a member of the workspace to do it."
    return f"Please ask the host, {mention(host)}."


def token_dead(code: str, cannot: str = "see who you are") -> str:
    """Say what cannot be done without a token, and who can mend that: by default, that nobody can be told apart."""
    return (
        f"Slack does not accept my token any more (`{escape(code)}`), so I cannot {cannot}. "
        "Please tell whoever runs Greenroom."
    )


def not_here(act: Act) -> str:
    """Say it to somebody who is not in the channel, or not any more."""
    return f"You are not in the channel that this belongs to, so you may not {DOING[act]}. Join the channel first."


def not_told(act: Act) -> str:
    """Say it to somebody of whom Slack does not tell whether they are in the channel."""
    return (
        f"Slack does not tell me right now whether you are in this channel, so I cannot let you {DOING[act]} yet. "
        "Nothing was done. Please try again in a minute."
    )


def removed(title: str) -> str:
    """Say to somebody who was taken out of a meeting that they cannot come in."""
    return f"The host has taken you out of “{title}”. If that was a mistake, ask the host to add you again."

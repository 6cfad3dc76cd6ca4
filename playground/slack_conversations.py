"""The Web API's conversations.* methods, users.info and auth.test."""

from collections.abc import Sequence
from typing import Any, TypeVar

from playground.slack_errors import Arguments, SlackError
from playground.slack_install import KIND_IN_SCOPES, Installation
from playground.slack_limits import GROUP_DM_PEOPLE
from playground.slack_objects import channel_object, message_object, user_object
from playground.workspace import Channel, Message

Answer = dict[str, Any]
_Item = TypeVar("_Item")


def auth_test(install: Installation, _args: Arguments) -> Answer:
    """auth.test."""
    workspace = install.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def users_info(install: Installation, args: Arguments) -> Answer:
    """users.info."""
    user = install.workspace.people.get(args.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_object(install.workspace, user)}


def usergroup_users(install: Installation, args: Arguments) -> Answer:
    """usergroups.users.list."""
    team = install.workspace.teams.get(args.required("usergroup", "no_such_subteam"))
    if team is None:
        raise SlackError("no_such_subteam")
    return {"users": list(team.members)}


def open_conversation(install: Installation, args: Arguments) -> Answer:
    """conversations.open, by the people's ids or by a DM's own id."""
    if known := args.optional("channel"):
        return {"no_op": True, "already_open": True, "channel": {"id": install.seen_channel(known).id}}
    people = [part.strip() for part in args.required("users", "users_list_not_supplied").split(",") if part.strip()]
    install.require("im:write" if len(people) == 1 else "mpim:write")
    if len(people) > GROUP_DM_PEOPLE:
        raise SlackError("too_many_users")
    if any(person not in install.workspace.people for person in people):
        raise SlackError("user_not_found")
    if people == [install.workspace.bot.id]:
        raise SlackError("cannot_dm_bot")
    channel = install.workspace.open_direct(install.workspace.bot.id, *people)
    whole = channel_object(install.workspace, channel) if args.flag("return_im") else {"id": channel.id}
    return {"channel": whole}


def conversation_info(install: Installation, args: Arguments) -> Answer:
    """conversations.info."""
    channel = _readable(install, args, "read")
    written = channel_object(install.workspace, channel)
    if args.flag("include_num_members"):
        written["num_members"] = len(channel.members)
    return {"channel": written}


def members(install: Installation, args: Arguments) -> Answer:
    """conversations.members."""
    channel = _readable(install, args, "read")
    page, cursor = _page(channel.members, args, default=100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def history(install: Installation, args: Arguments) -> Answer:
    """conversations.history, newest first."""
    channel = _readable(install, args, "history")
    found = [message for message in install.workspace.channel_messages(channel.id) if _in_time(message, args)]
    return _messages(install, args, found[::-1])


def replies(install: Installation, args: Arguments) -> Answer:
    """conversations.replies: the thread's top, then its replies, oldest first."""
    channel = _readable(install, args, "history")
    top = install.workspace.find(channel.id, args.text("ts"))
    if top is None or top.ephemeral_for is not None:
        raise SlackError("thread_not_found")
    thread = install.workspace.thread(channel.id, top.thread_ts or top.ts)
    return _messages(install, args, [message for message in thread if message.ts == top.ts or _in_time(message, args)])


def _readable(install: Installation, args: Arguments, what: str) -> Channel:
    """Give a conversation that the bot may read; a history is only read from the inside."""
    install.require_one(f"{kind}:{what}" for kind in KIND_IN_SCOPES.values())
    channel = install.seen_channel(args.text("channel"))
    install.require_for_kind(channel.kind, what)
    if what == "history" and not install.is_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _in_time(message: Message, args: Arguments) -> bool:
    oldest, latest = _time(args, "oldest") or 0.0, _time(args, "latest") or float("inf")
    at = float(message.ts)
    return oldest <= at <= latest if args.flag("inclusive") else oldest < at < latest


def _time(args: Arguments, name: str) -> float | None:
    try:
        return float(args.text(name)) if name in args else None
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _messages(install: Installation, args: Arguments, found: Sequence[Message]) -> Answer:
    page, cursor = _page(found, args, default=100)
    whole = bool(args.flag("include_all_metadata"))
    written = [message_object(install.workspace, message, all_metadata=whole) for message in page]
    answer: Answer = {"messages": written, "has_more": bool(cursor), "pin_count": 0}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _page(items: Sequence[_Item], args: Arguments, *, default: int) -> tuple[list[_Item], str]:
    """Cut one page out of a list; the cursor says how many items came before the next one."""
    limit = args.number("limit", default)
    if not 1 <= limit <= 1000:  # noqa: PLR2004 - Slack's own bounds
        raise SlackError("invalid_limit")
    start = _cursor(args)
    end = start + limit
    return list(items[start:end]), f"next:{end}" if end < len(items) else ""


def _cursor(args: Arguments) -> int:
    cursor = args.text("cursor")
    if not cursor:
        return 0
    before, _, number = cursor.partition(":")
    if before != "next" or not number.isdigit():
        raise SlackError("invalid_cursor")
    return int(number)

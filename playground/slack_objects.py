"""How Slack writes down messages, people and conversations in its answers and payloads."""

from typing import Any

from playground.workspace import Channel, Message, User, Workspace

_CREATED = 1_700_000_000


def message_object(workspace: Workspace, message: Message, *, all_metadata: bool = True) -> dict[str, Any]:
    """Write a message the way chat.* and block_actions do.

    Unless all of it is asked for, only the type of the metadata is shown, as conversations.history does.
    """
    written: dict[str, Any] = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.user == workspace.bot.id:
        written |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id, "bot_profile": _bot_profile(workspace)}
    written |= {"team": workspace.team_id}
    if message.blocks:
        written["blocks"] = list(message.blocks)
    if message.subtype:
        written["subtype"] = message.subtype
    if message.edited:
        written["edited"] = {"user": message.user, "ts": message.edited}
    if message.metadata is not None:
        shown = message.metadata if all_metadata else {"event_type": message.metadata["event_type"]}
        written["metadata"] = shown
    return written | _threading(workspace, message)


def _bot_profile(workspace: Workspace) -> dict[str, Any]:
    return {
        "id": workspace.bot_id,
        "app_id": workspace.app_id,
        "user_id": workspace.bot.id,
        "name": workspace.bot.real_name,
        "icons": {f"image_{size}": workspace.bot.image for size in (36, 48, 72)},
        "deleted": False,
        "updated": _CREATED,
        "team_id": workspace.team_id,
    }


def _threading(workspace: Workspace, message: Message) -> dict[str, Any]:
    if message.is_reply:
        top = workspace.find(message.channel, message.thread_ts or "")
        written = {"thread_ts": message.thread_ts, "parent_user_id": top.user if top else None}
        return written | ({"subtype": "thread_broadcast"} if message.broadcast else {})
    replies = [reply for reply in workspace.thread(message.channel, message.ts) if reply.is_reply]
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": people,
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
    }


def user_object(workspace: Workspace, user: User) -> dict[str, Any]:
    """Write a person the way users.info does."""
    team = user.team_id or workspace.team_id
    images = {f"image_{size}": user.image for size in (24, 32, 48, 72, 192, 512)}
    profile = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": "" if user.is_bot else user.name,
        "display_name_normalized": "" if user.is_bot else user.name,
        "status_text": "",
        "status_emoji": "",
        "team": team,
        **images,
    }
    return {
        "id": user.id,
        "team_id": team,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "profile": profile,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted or user.is_ultra_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        **({"is_stranger": True} if user.is_stranger else {}),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": _CREATED,
    }


def channel_object(workspace: Workspace, channel: Channel) -> dict[str, Any]:
    """Write a conversation the way conversations.info does."""
    common = {
        "id": channel.id,
        "created": _CREATED,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
    }
    if channel.kind == "im":
        others = [member for member in channel.members if member != workspace.bot.id]
        return common | {"user": others[0] if others else workspace.bot.id}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind != "mpim",
        "is_group": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_general": channel.name == "general",
        "is_member": workspace.bot.id in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "creator": channel.members[0] if channel.members else "",
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def name_in_payload(channel: Channel) -> str:
    """Give the name by which payloads call a conversation, which hides that of private ones."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)

"""The Web API's calls.* methods, with the refusals listed on their pages at docs.slack.dev."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from playground.slack_errors import Arguments, SlackError
from playground.slack_install import Installation
from playground.workspace_values import Call, Caller

Answer = dict[str, Any]


def add(install: Installation, args: Arguments) -> Answer:
    """calls.add: a bot has to name who creates the call, whatever the list of arguments says."""
    if not (args.text("external_unique_id") and args.text("join_url")):
        raise SlackError("invalid_arguments")
    created_by = install.workspace.people.get(args.text("created_by"))
    if created_by is None or created_by.is_bot:
        raise SlackError("invalid_created_by")
    started = args.optional("date_start")
    if started is not None and not started.isdigit():
        raise SlackError("invalid_start_time")
    callers = [_caller(install, each) for each in _users(args)] if "users" in args else []
    call = Call(
        id=f"R{len(install.workspace.calls) + 1:08}",
        external_unique_id=args.text("external_unique_id"),
        title=args.text("title"),
        join_url=args.text("join_url"),
        created_by=created_by.id,
        date_start=int(started or install.workspace.next_ts().partition(".")[0]),
        inside=tuple(caller for caller in callers if caller),
    )
    return {"call": call_object(install.workspace.keep_call(call))}


def info(install: Installation, args: Arguments) -> Answer:
    """calls.info."""
    return {"call": call_object(_known(install, args))}


def update(install: Installation, args: Arguments) -> Answer:
    """calls.update: the title and the address alone."""
    known = _known(install, args)
    after = replace(known, title=args.text("title") or known.title, join_url=args.text("join_url") or known.join_url)
    return {"call": call_object(install.workspace.keep_call(after))}


def end(install: Installation, args: Arguments) -> Answer:
    """calls.end."""
    call = _active(install, args)
    install.workspace.keep_call(replace(call, ended=True, duration=args.number("duration", 0)))
    return {}


def participants_add(install: Installation, args: Arguments) -> Answer:
    """calls.participants.add: somebody unknown fails all; somebody who cannot be in a call is left out, and told of."""
    call = _active(install, args)
    found = [_caller(install, each) for each in _users(args)]
    inside = {caller.key: caller for caller in (*call.inside, *filter(None, found))}
    install.workspace.keep_call(replace(call, inside=tuple(inside.values())))
    return {} if all(found) else {"error": "bad_users"}


def participants_remove(install: Installation, args: Arguments) -> Answer:
    """calls.participants.remove: who is not in is left out, and told of."""
    call = _active(install, args)
    leaving = {_key(install, each) for each in _users(args)}
    left = tuple(caller for caller in call.inside if caller.key not in leaving)
    gone = [caller for caller in call.inside if caller.key in leaving]
    been = {caller.key: caller for caller in (*call.been, *gone)}
    install.workspace.keep_call(replace(call, inside=left, been=tuple(been.values())))
    return {} if len(gone) == len(leaving) else {"error": "bad_users"}


def _known(install: Installation, args: Arguments) -> Call:
    call = install.workspace.calls.get(args.text("id"))
    if call is None:
        raise SlackError("invalid_call_id")
    return call


def _active(install: Installation, args: Arguments) -> Call:
    call = _known(install, args)
    if call.ended:
        raise SlackError("inactive_call")
    return call


def _users(args: Arguments) -> Iterator[dict[str, Any]]:
    users = args.structure("users", "invalid_arguments")
    if not isinstance(users, list) or not users or not all(isinstance(each, dict) for each in users):
        raise SlackError("invalid_arguments")
    return iter(users)


def _key(install: Installation, user: dict[str, Any]) -> str:
    if slack_id := user.get("slack_id"):
        person = install.workspace.people.get(str(slack_id))
        if person is None or person.team_id:
            raise SlackError("user_not_found")
        return person.id
    return f"external:{user.get('external_id')}"


def _caller(install: Installation, user: dict[str, Any]) -> Caller | None:
    key = _key(install, user)
    person = install.workspace.people.get(key)
    if person is not None:
        return None if person.is_bot or person.deleted else Caller(key, person.real_name, person.image)
    if not (user.get("external_id") and user.get("display_name")):
        return None
    return Caller(key, str(user["display_name"]), str(user.get("avatar_url") or ""))


def call_object(call: Call) -> Answer:
    """Write a call the way Slack does in its answers and in the blocks that show it."""
    return {
        "id": call.id,
        "external_unique_id": call.external_unique_id,
        "title": call.title,
        "join_url": call.join_url,
        "created_by": call.created_by,
        "date_start": call.date_start,
        "duration": call.duration,
        "has_ended": call.ended,
        "active_participants": [_participant(caller) for caller in call.inside],
        "all_participants": [_participant(caller) for caller in (*call.been, *call.inside)],
    }


def _participant(caller: Caller) -> Answer:
    known = {} if caller.key.startswith("external:") else {"slack_id": caller.key}
    return known | {"display_name": caller.name, "avatar_url": caller.picture}

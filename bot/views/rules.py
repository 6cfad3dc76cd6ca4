"""A channel's rules as people see them: the form that changes them, and the list for everybody else."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.ids import ChannelId
from bot.domain.rules import Act, Circle, Limit, Rules
from bot.errors import UserError
from bot.exchanged import Block
from bot.views import filled, forms
from bot.views.blocks import context, section
from bot.views.replies import Reply

RULES_FORM = "channel_rules"
HABITS, RESTART = "habits", "restart_failed_recordings"
RESTARTS = "Begin again by itself when a recording fails"

QUESTIONS: Mapping[Act, str] = {
    Act.START: "Who may start meetings?",
    Act.JOIN: "Who may join?",
    Act.RECORD: "Who may record?",
    Act.WATCH: "Who may watch recordings?",
    Act.END: "Who may end a meeting for everyone?",
    Act.LIVE: "Who may go live?",
    Act.INVITE: "Who may make links for guests without Slack?",
}
"""What can be chosen; what the host does about people stays with the host."""

CIRCLES: Mapping[Circle, str] = {
    Circle.EVERYONE: "Everyone, guests too",
    Circle.MEMBERS: "Members of this workspace",
    Circle.HOST: "The host and workspace admins",
}
NO_HOST_YET = "Workspace admins"
OTHERS: Mapping[str, str] = {
    "guests": "The most that guests of this workspace may do",
    "outside": "The most that people of other organisations may do",
}
LIMITS: Mapping[Limit, str] = {
    Limit.EVERYONE: "Whatever everyone may",
    Limit.WATCH: "Join, and watch recordings",
    Limit.JOIN: "Join",
    Limit.VIEW: "Join to watch and listen",
    Limit.NOTHING: "Nothing",
}


def rules_form(channel: ChannelId, rules: Rules, *, viewers: bool) -> forms.Form:
    """Draw the form, filled with what holds now.

    Args:
        channel: whose rules they are.
        rules: what holds.
        viewers: whether people can come in to watch and listen alone, for which the deployment names a preset.

    """
    who = [_who(act, rules) for act in QUESTIONS]
    held = {rules.guests, rules.outside}
    limits = [
        forms.Option(words, limit.value)
        for limit, words in LIMITS.items()
        if viewers or limit is not Limit.VIEW or limit in held
    ]
    most = [
        forms.choice(name, label, limits, chosen=chosen)
        for name, label, chosen in ((name, label, getattr(rules, name).value) for name, label in OTHERS.items())
    ]
    ticked = [RESTART] if rules.restart_failed_recordings else []
    habits = forms.checkboxes(HABITS, "Recordings", [forms.Option(RESTARTS, RESTART)], ticked=ticked)
    note = context("The host of a meeting and admins of the workspace may always do everything in it.")
    return forms.Form(
        RULES_FORM, "Rules of this channel", (note, *who, *most, habits), "Save rules", channel, _shown(rules)
    )


def _shown(rules: Rules) -> str:
    """Keep with the form what it shows: what a person leaves as it is, somebody else may change meanwhile."""
    return json.dumps({name: getattr(rules, name) for name in (*(act.value for act in QUESTIONS), *OTHERS, RESTART)})


def _who(act: Act, rules: Rules) -> Block:
    options = [forms.Option(circle_words(act, circle), circle.value) for circle in CIRCLES]
    return forms.choice(act.value, QUESTIONS[act], options, chosen=rules.circle(act).value)


def circle_words(act: Act, circle: Circle) -> str:
    """Say who is meant."""
    return NO_HOST_YET if act is Act.START and circle is Circle.HOST else CIRCLES[circle]


def check_rules(view: filled.View) -> dict[str, str]:
    """Look the filled form over; each question has one of its own answers."""
    answers = filled.values(view)
    wrong = {act.value: _choose(CIRCLES) for act in QUESTIONS if answers.choice(act.value) not in set(Circle)}
    return wrong | {name: _choose(LIMITS) for name in OTHERS if answers.choice(name) not in set(Limit)}


def _choose(words: Mapping[Any, str]) -> str:
    return f"Choose one of: {', '.join(words.values())}."


def read_rules(view: filled.View) -> dict[str, Any]:
    """Read what was chosen other than the form showed it."""
    answers = filled.values(view)
    chosen: dict[str, Any] = {name: answers.choice(name) for name in (*(act.value for act in QUESTIONS), *OTHERS)}
    chosen[RESTART] = RESTART in answers.ticked(HABITS)
    shown = _was_shown(view)
    return {name: value for name, value in chosen.items() if name not in shown or shown[name] != value}


def _was_shown(view: filled.View) -> Mapping[str, Any]:
    """Give what the form showed; nothing where it was opened by a version that did not keep that."""
    try:
        found = json.loads(filled.about(view) or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UserError(forms.OUT_OF_DATE)
    return found


def rules_list(channel: ChannelId, rules: Rules, *, saved: bool) -> Reply:
    """List what holds in a channel.

    Args:
        channel: where.
        rules: what holds.
        saved: whether whoever reads it has just changed them; else they are told who may.

    """
    lines = [f"{question} {circle_words(act, rules.circle(act))}." for act, question in QUESTIONS.items()]
    lines += [f"{label}: {LIMITS[getattr(rules, name)].lower()}." for name, label in OTHERS.items()]
    if rules.restart_failed_recordings:
        lines.append(f"{RESTARTS}.")
    head = f"*Saved.* The rules of <#{channel}> are now:" if saved else f"*The rules of <#{channel}>*"
    tail = "" if saved else "Whoever made this channel, and admins of the workspace, can change them with this command."
    text = "\n".join([head, *lines])
    return Reply("\n".join(filter(None, [text, tail])), (section(text), *([context(tail)] if tail else [])))

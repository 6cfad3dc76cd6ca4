"""What the tests of Slack's own call card share: a conversation without the bot, and what its card shows."""

from typing import Any

from playground.provider import Peer
from playground.workspace_values import Call, ChannelKind, Message, User
from tests.edges.place import Place, place
from tests.support.bench import Bench, button

ADD, JOIN, END = "calls.add", "calls.participants.add", "calls.end"


def host(world: Bench, **more: str | bool) -> str:
    """Hire somebody whom nobody has written to yet, so that no test waits for another's turn to post."""
    number = len(world.stage.slack.workspace.people)
    return world.stage.slack.workspace.add_user(User(f"UHOST{number}", f"host{number}", "A Host", **more)).id


def between_two(world: Bench, kind: ChannelKind = "im", *, by: str | None = None) -> tuple[Place, str]:
    ana = by or host(world)
    return place(world, kind, (ana, "UBO")), ana


def card_here(here: Place) -> Message:
    [card] = here.cards
    return card


def call_of(here: Place) -> Call:
    return here.world.stage.slack.workspace.calls[card_here(here).blocks[0]["call_id"]]


def inside(here: Place) -> list[str]:
    return [caller.name for caller in call_of(here).inside]


def told(here: Place, method: str) -> list[dict[str, Any]]:
    """Give what Slack was told of this call by a method."""
    call = call_of(here).id
    return [each.args for each in here.world.stage.slack.calls if each.method == method and each.args.get("id") == call]


async def enters(here: Place, user: str) -> Peer:
    """Go in by a link of one's own."""
    link = button(await here.asks(user, "/meet join"), "open_link")["url"]
    return await here.world.stage.provider.enter(await here.world.token_from(link))


async def room_of(here: Place) -> str:
    return (await here.stored()).id.partition(":")[2]

"""For each method of Slack that the bot calls: something that people do which needs it, and the words that they see."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.slack import SlackSimulator
from playground.slack_faults import SlackFault
from playground.workspace_values import User
from tests.edges.browsers import browser
from tests.edges.calls import between_two, call_of, enters, host
from tests.edges.place import Place, place
from tests.support.bench import PATIENCE, Bench


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with a method.

    Args:
        slack: where.
        method: which one.
        fault: what.
        times: how many calls meet it.
        waits: whether nothing more is done about it for a long time once it was met.

    """

    slack: SlackSimulator
    method: str
    fault: SlackFault
    times: int = 1
    waits: bool = False

    def __call__(self) -> None:
        """Begin."""
        self.slack.faults.add(self.method, self.fault, self.times)

    @property
    def met(self) -> int:
        """How many calls have met it."""
        return self.times - int(self.slack.faults.waiting()["calls"].get(self.method, 0))


Journey = Callable[[Bench, Trouble], Awaitable[str]]
"""Goes well until it breaks, and gives what a person sees then."""


@dataclass(frozen=True)
class Listening:
    """What somebody is told from a moment on."""

    here: Place
    user: str
    before: tuple[int, int]

    @property
    def told(self) -> str:
        """The words, markup and buttons included."""
        private, direct = self.here.answers(self.user), self.here.world.direct(self.user)
        return " ".join(m.text + str(m.blocks) for m in [*private[self.before[0] :], *direct[self.before[1] :]])

    async def anything(self) -> str:
        """Wait until they are told something."""
        await self.here.world.until(lambda: self.told)
        return self.told


def listening(here: Place, user: str) -> Listening:
    """Begin to listen."""
    return Listening(here, user, (len(here.answers(user)), len(here.world.direct(user))))


async def with_a_host(world: Bench) -> tuple[Place, str]:
    """Give a channel with somebody in it to whom nothing was ever posted."""
    here, ana = place(world), host(world)
    world.stage.slack.workspace.invite(here.id, ana)
    return here, ana


async def until_shown(here: Place, trouble: Trouble) -> None:
    """Wait until all that can be written of this channel's meeting is written."""
    identity = (await here.stored()).id
    async with asyncio.timeout(PATIENCE):
        while not (trouble.waits and trouble.met):
            saved = await here.world.bot.store.get(identity)
            if saved and not saved.is_stale:
                break
            await asyncio.sleep(0.02)


async def types(world: Bench, breaks: Trouble, command: str, *, meeting: bool = False) -> str:
    """Type a command in a channel and wait for the answer."""
    here, ana = await with_a_host(world)
    if meeting:
        await here.meeting(by=ana)
    hears = listening(here, ana)
    breaks()
    await world.says(ana, here.id, command)
    return await hears.anything()


async def a_meeting_is_asked_for(world: Bench, breaks: Trouble) -> str:
    here, ana = await with_a_host(world)
    hears = listening(here, ana)
    breaks()
    await world.says(ana, here.id, "/meet Weekly sync")
    await world.until(lambda: hears.told or any("Started by" in card.text for card in here.cards))
    return hears.told or here.cards[-1].text


async def somebody_comes_in(world: Bench, breaks: Trouble) -> str:
    here, ana = await with_a_host(world)
    await here.meeting(by=ana)
    breaks()
    await world.stage.provider.enter_stranger(here.room, "Eve")
    async with asyncio.timeout(PATIENCE):
        while "Eve" not in str((await here.stored()).presences):
            await asyncio.sleep(0.02)
    await until_shown(here, breaks)
    return here.cards[0].text


async def an_answer_finds_its_address_used_up(world: Bench, breaks: Trouble) -> str:
    world.stage.slack.faults.error("response_url", "used_url")
    return await types(world, breaks, "/meet status")


async def somebody_asks_how_things_are(world: Bench, breaks: Trouble) -> str:
    return await types(world, breaks, "/meet status")


async def a_form_is_asked_for(world: Bench, breaks: Trouble) -> str:
    here, ana = await with_a_host(world)
    await here.meeting(by=ana)
    hears = listening(here, ana)
    breaks()
    await world.says(ana, here.id, "/record options")
    await world.until(lambda: hears.told or world.has_form(ana))
    return hears.told or "a form"


async def somebody_new_joins(world: Bench, breaks: Trouble) -> str:
    here, ana = await with_a_host(world)
    await here.meeting(by=ana)
    people = world.stage.slack.workspace
    new = people.add_user(User(f"UNEW{len(people.people)}", f"new{len(people.people)}", "Somebody New")).id
    people.invite(here.id, new)
    hears = listening(here, new)
    breaks()
    await world.says(new, here.id, "/meet join")
    return await hears.anything()


async def who_is_missing_is_asked_for(world: Bench, breaks: Trouble) -> str:
    return await types(world, breaks, "/meet nudge", meeting=True)


async def a_group_is_rung(world: Bench, breaks: Trouble) -> str:
    return await types(world, breaks, "/meet Weekly sync @designers")


async def rules_are_asked_for(world: Bench, breaks: Trouble) -> str:
    return await types(world, breaks, "/meet settings")


async def a_call_is_asked_for(world: Bench, breaks: Trouble) -> str:
    here, ana = between_two(world)
    hears = listening(here, ana)
    breaks()
    async with here.answered(ana):
        await world.says(ana, here.id, "/meet Secret plans")
    return hears.told


async def somebody_comes_into_a_call(world: Bench, breaks: Trouble) -> str:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    breaks()
    await enters(here, ana)
    return await as_told(here, breaks)


async def somebody_leaves_a_call(world: Bench, breaks: Trouble) -> str:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    gone = await enters(here, ana)
    await enters(here, "bo")
    await world.until(lambda: len(call_of(here).inside) == 2)
    breaks()
    await world.stage.provider.leave(gone.id)
    return await as_told(here, breaks)


async def everybody_leaves_a_call(world: Bench, breaks: Trouble) -> str:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    one = await enters(here, ana)
    await world.until(lambda: call_of(here).inside)
    breaks()
    await world.stage.provider.leave(one.id)
    return await as_told(here, breaks)


async def as_told(here: Place, breaks: Trouble) -> str:
    """Wait until the provider's news have come and are written, and say whom Slack's card shows."""
    async with asyncio.timeout(PATIENCE):
        await here.world.stage.provider.deliveries.settled()
    await until_shown(here, breaks)
    return ", ".join(caller.name for caller in call_of(here).inside) or "nobody"


async def a_door_is_opened(world: Bench, breaks: Trouble) -> str:
    here, other = place(world), place(world)
    for each in (here, other):
        await each.meeting(by=host_of(each))
    async with browser(world, "bo") as bo:
        await bo.signs_in(f"/j/{(await other.stored()).id}")
        breaks()
        page = await bo.get(f"/j/{(await here.stored()).id}")
    return f"{page.status} {page.words}"


def host_of(here: Place) -> str:
    """Invite somebody to whom nothing was ever posted."""
    ana = host(here.world)
    here.world.stage.slack.workspace.invite(here.id, ana)
    return ana


async def somebody_comes_back_from_signing_in(world: Bench, breaks: Trouble) -> str:
    here, ana = await with_a_host(world)
    await here.meeting(by=ana)
    async with browser(world, "bo") as bo:
        back = await bo.comes_back_to(f"/j/{(await here.stored()).id}")
        breaks()
        page = await bo.get(back)
    return f"{page.status} {page.words}"


async def somebody_comes_back_to_new_keys(world: Bench, breaks: Trouble) -> str:
    world.stage.slack.openid.rotate()
    return await somebody_comes_back_from_signing_in(world, breaks)

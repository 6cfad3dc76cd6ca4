"""Several replicas as one bot: races for one meeting, a frozen replica, a crowd, and one channel in a storm.

Run it with ``python -m tests.soak.replicas --rounds 5``; see docs/reliability.md.
"""

import argparse
import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from aiohttp import web
from rich.console import Console

from playground.workspace_values import Message
from tests.soak.gate import Arguments, too_many
from tests.soak.ledger import Wish
from tests.soak.scene import Scene, scene
from tests.soak.story import USERS


@dataclass
class Finding:
    """What an experiment showed."""

    what: str
    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.append(otherwise)


async def one_meeting(rounds: int) -> Finding:
    """Let fifty people type /meet in one channel at the same moment."""
    finding = Finding("50 times /meet at once in one channel")
    async with scene(3, rounds) as world:
        for channel in world.channels:
            users = [USERS[number % len(USERS)] for number in range(50)]
            wishes = await asyncio.gather(*(world.people.types(user, channel, "/meet Stand-up") for user in users))
            refused = [wish.acks for wish in wishes if not wish.counts]
            finding.expect(not refused, f"{channel}: not all were acknowledged: {refused}")
            await world.until(partial(_one_card_and_49_answers, world, channel, wishes))
            await asyncio.sleep(0.3)
            finding.expect(len(world.fleet.stage.slack.workspace.messages(channel)) == 1, f"{channel}: several cards")
            finding.expect(_answers(wishes) == 49, f"{channel}: {_answers(wishes)} private answers")
        made = len(world.fleet.stage.provider.rooms.meetings)
        finding.expect(made == rounds, f"{made} rooms for {rounds} channels")
        finding.figures = {"channels": rounds, "commands": 50 * rounds, "rooms": made}
    return finding


def _one_card_and_49_answers(world: Scene, channel: str, wishes: Sequence[Wish]) -> bool:
    return world.card(channel) is not None and sum(wish.was_answered for wish in wishes) >= 49


def _answers(wishes: Sequence[Wish]) -> int:
    return sum(wish.answers.uses for wish in wishes)


async def one_stop(rounds: int) -> Finding:
    """Let two people press Stop at the same moment."""
    finding = Finding("Stop pressed twice at once")
    async with scene(3, rounds) as world:
        provider = world.fleet.stage.provider
        for channel in world.channels:
            room = await world.meets(channel)
            await provider.enter_stranger(room, "Ana")
            await world.people.types(USERS[0], channel, "/record")
            await world.until(partial(_with_stop, world, channel))
            shown = _with_stop(world, channel)[0]
            both = await asyncio.gather(*(world.people.clicks(user, shown, "record_stop") for user in USERS[:2]))
            await world.until(partial(_any_answered, both))
            await world.until(partial(_is_ready, world, channel))
        calls = provider.calls_of("update_recording")
        finding.expect(len(calls) == rounds, f"{len(calls)} calls for {rounds} recordings")
        finding.figures = {"recordings": rounds, "presses": 2 * rounds, "calls at the provider": len(calls)}
    return finding


def _any_answered(wishes: Sequence[Wish]) -> bool:
    return any(wish.was_answered for wish in wishes)


def _is_ready(world: Scene, channel: str) -> bool:
    return any("Recording ready" in message.text for message in world.fleet.stage.slack.workspace.messages(channel))


def _with_stop(world: Scene, channel: str) -> list[Message]:
    messages = world.fleet.stage.slack.workspace.messages(channel)
    return [message for message in messages if "record_stop" in str(message.blocks)]


async def frozen_holder(rounds: int, seconds: float = 12.0) -> Finding:
    """Freeze a replica while it holds threads' locks and its edits are on their way; wake it when others went on.

    Its edits arrive at Slack after those of the replica that took over, so older states stand there for a moment.
    """
    finding = Finding(f"a replica frozen for {seconds:g} s and more while it writes to threads")
    async with scene(2, rounds, started=False) as world:
        first, second = world.fleet.replicas
        await first.start()
        rooms = {channel: await world.meets(channel) for channel in world.channels}
        held, release = await _hold_edits(world)
        await _all_enter(world, rooms, "Early")
        await world.until(lambda: held() == rounds)
        first.send(signal.SIGSTOP)
        first.taking, began = False, time.monotonic()
        await second.start()
        await _all_enter(world, rooms, "Late")
        await world.until(lambda: all(world.shows(channel, "Early", "Late") for channel in rooms))
        await asyncio.sleep(max(0.0, seconds - (time.monotonic() - began)))
        release.set()
        await world.until(lambda: not any(world.shows(channel, "Late") for channel in rooms))
        first.send(signal.SIGCONT)
        first.taking = True
        try:
            took = await world.until(lambda: all(world.shows(channel, "Early", "Late") for channel in rooms), 30)
        except TimeoutError:
            wrong = [channel for channel in rooms if not world.shows(channel, "Late")]
            finding.faults = [f"{channel}: the older state stays" for channel in wrong]
        else:
            finding.figures = {"threads": rounds, "seconds from waking up to all cards right": round(took, 1)}
    return finding


async def _hold_edits(world: Scene) -> tuple[Callable[[], int], asyncio.Event]:
    """Hold the first edit of every card back until told otherwise."""
    seen: set[str] = set()
    release = asyncio.Event()

    async def rule(method: str, arguments: Arguments) -> web.Response | None:
        if method == "chat.update" and arguments["ts"] not in seen:
            seen.add(arguments["ts"])
            await release.wait()
        return None

    world.gate.rule = rule
    return lambda: len(seen), release


async def _all_enter(world: Scene, rooms: dict[str, str], name: str) -> None:
    for room in rooms.values():
        await world.fleet.stage.provider.enter_stranger(room, name)


async def crowd(rounds: int, people: int = 200, seconds: float = 10.0) -> Finding:
    """Let many people come in within seconds; the card is edited a few times, not once for each."""
    finding = Finding(f"{people} people join within {seconds:g} s")
    edits = []
    async with scene(3, rounds) as world:
        for channel in world.channels:
            room = await world.meets(channel)
            card = world.card(channel)
            assert card is not None
            before = _edits_of(world, card)
            began = time.monotonic()
            for number in range(people):
                await world.fleet.stage.provider.enter_stranger(room, f"Guest {number}")
                await asyncio.sleep(max(0.0, began + (number + 1) * seconds / people - time.monotonic()))
            await world.until(partial(world.shows, channel, f"and {people - 8} more"))
            edits.append(_edits_of(world, card) - before)
    finding.expect(max(edits) <= 5, f"{max(edits)} edits of one card")
    finding.figures = {"cards": rounds, "edits of a card, most": max(edits)}
    return finding


def _edits_of(world: Scene, card: Message) -> int:
    calls = world.fleet.stage.slack.calls
    return sum(call.method == "chat.update" and call.args["ts"] == card.ts for call in calls)


async def storm(rounds: int, seconds: int = 20) -> Finding:
    """Let Slack take no post in one channel; all others go on as if nothing were."""
    finding = Finding(f"Slack answers every post to one channel with 429, Retry-After {seconds}")
    refused: list[float] = []
    async with scene(3, rounds + 2) as world:
        stormy, _calm, *others = world.channels

        async def rule(method: str, arguments: Arguments) -> web.Response | None:
            if method == "chat.postMessage" and arguments["channel"] == stormy:
                refused.append(time.monotonic())
                return too_many(seconds)
            return None

        world.gate.rule = rule
        await world.people.types(USERS[0], stormy, "/meet In a storm")
        await world.until(lambda: refused)
        began = time.monotonic()
        for channel in others:
            await world.people.types(USERS[0], channel, f"/meet In {channel}")
        await world.until(lambda: all(world.card(channel) for channel in others))
        took = time.monotonic() - began
        finding.expect(took < 5, f"the other channels' cards took {took:.1f} s")
        world.gate.rule = _calm_again
        eye = await world.until(lambda: world.card(stormy), seconds + 10)
        early = [later - earlier for earlier, later in pairwise(refused) if later - earlier < seconds - 1]
        finding.expect(not early, f"asked again {early} s after a 429")
        finding.figures = {
            "other channels": rounds,
            "seconds until all their cards stood": round(took, 1),
            "seconds until the stormy channel's card stood": round(took + eye, 1),
        }
    return finding


async def _calm_again(_method: str, _arguments: Arguments) -> web.Response | None:
    return None


EXPERIMENTS: dict[str, Callable[[int], Awaitable[Finding]]] = {
    "meet": one_meeting,
    "stop": one_stop,
    "frozen": frozen_holder,
    "crowd": crowd,
    "storm": storm,
}


async def run(names: list[str], rounds: int, say: Callable[[str], None]) -> list[Finding]:
    """Make the experiments one after another."""
    findings = []
    for name in names or list(EXPERIMENTS):
        finding = await EXPERIMENTS[name](rounds)
        say(f"{finding.what}: {finding.figures} faults: {finding.faults}")
        findings.append(finding)
    return findings


def main() -> None:
    """Run and report; the exit code says whether anything was not as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("names", nargs="*", choices=[[], *EXPERIMENTS], default=[])
    given = parser.parse_args()
    out = Console(soft_wrap=True, highlight=False, markup=False)
    findings = asyncio.run(run(given.names, given.rounds, out.print))
    raise SystemExit(1 if any(finding.faults for finding in findings) else 0)


if __name__ == "__main__":
    main()

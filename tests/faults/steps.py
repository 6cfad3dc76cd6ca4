"""Everything that people ask of the video service through the bot, and the calls that it costs."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from playground.rooms import RUNNING
from playground.workspace_values import Message
from tests.edges.place import Place
from tests.support.bench import button

Prepare = Callable[[Place], Awaitable[Any]]
Do = Callable[[Place, Any], Awaitable[str]]
Holds = Callable[[Place], bool]

LIVE_STATES = ("INVOKED", "LIVE")


@dataclass(frozen=True)
class Step:
    """Something that one person asks for.

    Args:
        what: in a word or two.
        calls: the operations that it needs, in order.
        prepare: what comes before; its result is given to ``do``.
        do: ask for it, and give what the person is told.
        done: whether the provider has done it.

    """

    what: str
    calls: Sequence[str]
    prepare: Prepare
    do: Do
    done: Holds


# ---------------------------------------------------------------- what a room is like


def state(here: Place) -> dict[str, Any]:
    """Give what the provider has of the newest meeting here, as far as people would notice."""
    rooms, room = here.world.stage.provider.rooms, here.room
    return {
        "open": rooms.meetings[room].status,
        "places": sorted((each.custom_participant_id, each.preset_name) for each in rooms.participants_of(room)),
        "inside": sorted((each.name, each.muted) for each in rooms.people(room)),
        "recordings": [(each.tracks, _short(each.status)) for each in rooms.recordings_of(room)],
        "livestreams": [str(each.status) in LIVE_STATES for each in rooms.livestreams_of(room)],
    }


def _short(status: str) -> str:
    return status if status == "PAUSED" else "on" if status in RUNNING else "over"


def running(here: Place, *, tracks: bool = False) -> list[str]:
    """Give how far the recordings are that are not over."""
    found = here.world.stage.provider.rooms.recordings_of(here.room)
    return [each.status for each in found if each.tracks == tracks and each.status in RUNNING]


def on_air(here: Place) -> int:
    """Count the livestreams that can be watched, or soon will be."""
    return sum(state(here)["livestreams"])


def presets(here: Place) -> dict[str, str]:
    return dict(state(here)["places"])


# ---------------------------------------------------------------- what comes before


async def nothing(here: Place) -> None:
    """Begin with an empty channel."""


async def attended(here: Place) -> None:
    await here.attended()


async def recorded(here: Place) -> None:
    await here.runs()


async def paused(here: Place) -> None:
    await here.runs()
    await here.asks("ana", "/record pause")


async def uploaded(here: Place) -> Message:
    await here.runs()
    await here.asks("ana", "/record stop")
    await here.world.until(lambda: here.current_recording.status == "UPLOADED")
    await here.knows("UPLOADED")
    return await here.asks("bo", "/record list")


async def voices(here: Place) -> None:
    await here.attended()
    await here.asks("ana", "/record tracks")
    await here.knows("RECORDING")


async def voices_uploaded(here: Place) -> Message:
    await voices(here)
    await here.asks("ana", "/record tracks stop")
    await here.knows("UPLOADED")
    return await here.reply("Each person's own sound is ready")


async def shown(here: Place) -> None:
    await here.attended()
    await here.presses("ana", await here.asks("ana", "/meet live"), "live_start")
    await here.reply("*Live to the public* since")


async def asked_to_show(here: Place) -> Message:
    await here.attended()
    return await here.asks("ana", "/meet live")


async def asked_to_end(here: Place) -> Message:
    await here.attended()
    return await here.asks("ana", "/meet end")


async def asked_to_end_shown(here: Place) -> Message:
    await shown(here)
    return await here.asks("ana", "/meet end")


async def with_bo_inside(here: Place) -> str:
    """Have @bo come in, and give their link."""
    await here.attended()
    link = await links(here)
    await here.world.stage.provider.enter(await here.world.token_from(link))
    return link


async def with_a_place_that_is_not_known(here: Place) -> str:
    """Have a place made for @bo whose answer was lost."""
    await here.attended()
    link = await links(here)
    here.world.stage.provider.faults.drop("add_participant", after=True)
    assert "did not answer" in await opens(here, link)
    return link


async def links(here: Place, user: str = "bo") -> str:
    return str(button(await here.asks(user, "/meet join"), "open_link")["url"])


# ---------------------------------------------------------------- what people do


def types(text: str, user: str = "ana") -> Do:
    async def do(here: Place, _: Any) -> str:
        return (await here.asks(user, text)).text

    return do


def presses(action: str, user: str = "ana") -> Do:
    async def do(here: Place, message: Message) -> str:
        return (await here.presses(user, message, action)).text

    return do


async def starts(here: Place, _: Any) -> str:
    """Start a meeting; where all is well, the card is the answer."""
    before = len(here.answers("ana")), len(here.cards)
    await here.world.says("ana", here.id, "/meet Weekly sync")
    await here.world.until(lambda: (len(here.answers("ana")), len(here.cards)) != before)
    return here.answers("ana")[-1].text if len(here.answers("ana")) > before[0] else "a card"


async def opens(_: Place, link: str) -> str:
    """Go through one's own door; give the address that it leads to, or what the page says."""
    async with aiohttp.ClientSession() as browser, browser.post(link, allow_redirects=False) as answer:
        text = " ".join(re.findall(r"<p>([^<]*)</p>", await answer.text()))
        assert answer.status in {303, 503}, (answer.status, text)
        return "an address" if answer.status == 303 else text


async def gets_in(here: Place, _: Any) -> str:
    """Ask for a fresh link and go through it."""
    return await opens(here, await links(here))


def _has_a_place(here: Place) -> bool:
    return [person for person, _ in state(here)["places"]].count("UBO") == 1


def _is_out(here: Place) -> bool:
    return "UBO" not in presets(here) and len(state(here)["inside"]) == 1


STEPS: tuple[Step, ...] = (
    Step("start a meeting", ("create_meeting",), nothing, starts, lambda here: len(here.cards) == 1),
    Step("come in", ("add_participant",), attended, gets_in, _has_a_place),
    Step("come in again", ("edit_participant", "refresh_token"), with_bo_inside, gets_in, _has_a_place),
    Step(
        "come in where an answer was lost",
        ("list_participants", "refresh_token"),
        with_a_place_that_is_not_known,
        gets_in,
        _has_a_place,
    ),
    Step(
        "record",
        ("get_active_recording", "start_recording"),
        attended,
        types("/record", "bo"),
        lambda here: len(running(here)) == 1,
    ),
    Step(
        "record beside voices",
        ("get_active_recording", "list_recordings", "start_recording"),
        voices,
        types("/record", "bo"),
        lambda here: len(running(here)) == 1,
    ),
    Step(
        "pause",
        ("update_recording",),
        recorded,
        types("/record pause", "bo"),
        lambda here: running(here) == ["PAUSED"],
    ),
    Step(
        "go off the record",
        ("update_recording",),
        recorded,
        types("/record off 10m", "bo"),
        lambda here: running(here) == ["PAUSED"],
    ),
    Step(
        "resume",
        ("update_recording",),
        paused,
        types("/record resume", "bo"),
        lambda here: running(here) == ["RECORDING"],
    ),
    Step(
        "stop recording", ("update_recording",), recorded, types("/record stop", "bo"), lambda here: not running(here)
    ),
    Step("watch", ("get_recording",), uploaded, presses("record_watch", "bo"), bool),
    Step(
        "record voices",
        ("get_active_session", "start_tracks"),
        attended,
        types("/record tracks", "bo"),
        lambda here: len(running(here, tracks=True)) == 1,
    ),
    Step(
        "stop voices",
        ("update_recording",),
        voices,
        types("/record tracks stop", "bo"),
        lambda here: not running(here, tracks=True),
    ),
    Step("fetch voices", ("get_recording",), voices_uploaded, presses("tracks_files", "bo"), bool),
    Step(
        "go live",
        ("get_active_livestream", "start_livestream"),
        asked_to_show,
        presses("live_start"),
        lambda here: on_air(here) == 1,
    ),
    Step(
        "go off the air",
        ("get_active_livestream", "stop_livestream", "get_livestream"),
        shown,
        types("/meet live stop"),
        lambda here: on_air(here) == 0,
    ),
    Step(
        "end",
        ("update_meeting", "kick_all"),
        asked_to_end,
        presses("meeting_end"),
        lambda here: state(here)["open"] == "INACTIVE" and not state(here)["inside"],
    ),
    Step(
        "end what is shown",
        ("update_meeting", "kick_all", "stop_livestream"),
        asked_to_end_shown,
        presses("meeting_end"),
        lambda here: state(here)["open"] == "INACTIVE" and not on_air(here),
    ),
    Step(
        "hand over",
        ("edit_participant",),
        with_bo_inside,
        types("/meet host @bo"),
        lambda here: presets(here)["UBO"] == "group_call_host",
    ),
    Step("take out", ("kick", "delete_participant"), with_bo_inside, types("/meet remove @bo"), _is_out),
    Step(
        "take out where an answer was lost",
        ("list_participants", "kick", "delete_participant"),
        with_a_place_that_is_not_known,
        types("/meet remove @bo"),
        _is_out,
    ),
    Step(
        "mute everyone",
        ("mute_all",),
        with_bo_inside,
        types("/meet mute"),
        lambda here: all(muted for _, muted in state(here)["inside"]),
    ),
)

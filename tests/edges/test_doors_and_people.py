"""The table: every door, and every kind of person before it: who is let through, and what each of them sees.

Commands and clicks are sent as Slack signs them, also where its own screen would not offer them: what counts is what
the bot says. What is allowed is chosen so that it changes nothing, so that one scene serves the whole table.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.apply import apply
from bot.domain.events import RecordingActed
from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.domain.role_events import GuestInvited
from bot.keys import CODE_KEPT
from playground.slack_payloads import block_actions, command_fields
from playground.slack_sending import Ack
from playground.stage import SEES_MEMBERS
from playground.workspace_values import Message, User
from tests.edges.browsers import PERSON, Browser, browser
from tests.edges.place import EVERYONE, Place, place, town
from tests.support.bench import Bench, button

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = {
    "host": "UANA",
    "member": "UBO",
    "admin": User("UTADMIN", "tadmin", "An Admin", is_admin=True),
    "guest": User("UTGUEST", "tguest", "A Guest", is_restricted=True),
    "outside": User("UTOUT", "tout", "From Elsewhere", team_id="T0ELSEWHERE", is_admin=True),
    "left": User("UTLEFT", "tleft", "Left the Channel"),
    "gone": User("UTGONE", "tgone", "Left the Workspace", deleted=True),
    "robot": User("UTROBOT", "trobot", "A Robot", is_bot=True),
}
"""One of each kind; ``left`` was a member of the channel, and is one of the workspace still."""

EVERY_KIND = frozenset(PEOPLE)
THOSE_HERE = frozenset({"host", "member", "admin", "guest", "outside"})
MEMBERS = frozenset({"host", "member", "admin"})
HOSTS = frozenset({"host", "admin"})

HOST_ALONE = ("Only the host, <@UANA>, may", "Only <@UANA>, who made this pass, and the host may")
REFUSED = {
    "member": HOST_ALONE,
    "guest": ("Slack says that you are a guest", *HOST_ALONE),
    "outside": ("Slack says that you are of another organisation", *HOST_ALONE),
    "left": ("You are not in the channel", "belongs to a channel that you are not in", *HOST_ALONE),
    "gone": ("Slack says that you are not one of them", *HOST_ALONE),
    "robot": ("Slack says that you are not one of them", *HOST_ALONE),
}
"""What each of them may be told where they may not: always who may, or what to do."""


@dataclass(frozen=True)
class Door:
    """One way to do something in Slack.

    Args:
        does: a typed command; or a button's name.
        allowed: who gets through.
        seen: what those are told, which shows that they got through; nothing where getting through would change
            the scene, which other tests try.
        about: what a button is about: the ``meeting``, its ``recording``, a guest's ``pass``.
        where: the scene's channel in which it is tried.

    """

    does: str
    allowed: frozenset[str]
    seen: tuple[str, ...]
    about: str = "meeting"
    where: str = "recorded"


DOORS = (
    # ------------------------------------------------------------ starting
    Door("/meet Retro", MEMBERS, ("There is no card, for here is no room",), where="empty"),
    Door("start_another", MEMBERS, ("There is no card, for here is no room",), "nothing", where="empty"),
    # ------------------------------------------------------------ joining
    Door("/meet join", THOSE_HERE, ("Your own link to *Weekly sync*",)),
    Door("join", THOSE_HERE, ("Your own link to *Weekly sync*",)),
    # ------------------------------------------------------------ recording
    Door("/record", MEMBERS, ("This meeting is being recorded already",), where="recording"),
    Door("/record options", MEMBERS, ("*Recording* since",), where="recording"),
    Door("record_start", MEMBERS, ("This meeting is being recorded already",), where="recording"),
    Door("/record pause", MEMBERS, ("Nothing is being recorded here",)),
    Door("/record resume", MEMBERS, ("Nothing is being recorded here",)),
    Door("/record stop", MEMBERS, ("Nothing is being recorded here",)),
    Door("/record off 10m", MEMBERS, ("Nothing is being recorded here",)),
    Door("record_pause", MEMBERS, ("The recording has stopped already",), "recording"),
    Door("record_resume", MEMBERS, ("The recording has stopped already",), "recording"),
    Door("record_stop", MEMBERS, ("The recording has stopped already",), "recording"),
    Door("record_off", MEMBERS, ("The recording has stopped already",), "recording"),
    # ------------------------------------------------------------ watching
    Door("/record list", THOSE_HERE, ("*Recordings of this channel*",)),
    Door("record_watch", THOSE_HERE, ("for you alone",), "recording"),
    Door("record_mark", THOSE_HERE, ("The recording has stopped already",), "recording"),
    Door("/record mark decided", THOSE_HERE, ("Nothing is being recorded here",)),
    Door("recordings_older", THOSE_HERE, ("*Recordings of this channel*",), "first page"),
    Door("record_audio", THOSE_HERE, ("The video service has no such file",), "recording"),
    # ------------------------------------------------------------ what would change the scene
    Door("record_hide", THOSE_HERE, (), "recording"),
    Door("record_show", THOSE_HERE, (), "recording"),
    Door("record_watchers", THOSE_HERE, (), "recording"),
    Door("/record tracks", MEMBERS, ()),
    Door("tracks_start", MEMBERS, ()),
    Door("live_start", MEMBERS, ()),
    Door("meeting_end", MEMBERS, ()),
    Door("/meet nudge", HOSTS, ()),
    # ------------------------------------------------------------ ending, and going live
    Door("/meet end", MEMBERS, ("End *Weekly sync* for everyone?",)),
    Door("/meet live", MEMBERS, ("Weekly sync",)),
    Door("tracks_files", THOSE_HERE, (), "recording"),
    # ------------------------------------------------------------ people
    Door("/meet host @ana", HOSTS, ("<@UANA> hosts this meeting already",)),
    Door("/meet add @di", HOSTS, ("Added to *Weekly sync*: <@UDI>",)),
    Door("/meet remove @ana", HOSTS, ("<@UANA> hosts this meeting. Hand it over first",)),
    Door("/meet mute", HOSTS, ("Everyone in *Weekly sync* is muted",)),
    Door("/meet guest Jane Doe", MEMBERS, ("A pass for Jane Doe",)),
    Door("guest_revoke", HOSTS, ("The pass of John is revoked",), "pass"),
    # ------------------------------------------------------------ settings, and what anybody may read
    Door("/meet settings", EVERY_KIND - HOSTS, ("*The rules of <#",)),
    Door("/meet guests", EVERY_KIND, ("pass to *Weekly sync*",)),
    Door("/meet status", EVERY_KIND, ("*Weekly sync*",)),
)


@dataclass
class Scene:
    """Channels in which all of them are, with what the doors are about."""

    world: Bench
    places: dict[str, Place] = field(default_factory=dict)
    recording: str = ""
    guest: str = "guest:table"

    async def tries(self, kind: str, door: Door) -> str:
        """Have somebody try a door, and give what they are told."""
        user, here = self.user(kind), self.places[door.where]
        async with here.answered(user.id):
            assert (await self._sends(user, here, door)).ok
        return here.answers(user.id)[-1].text

    async def all_are_refused(self, kinds: frozenset[str], door: Door) -> None:
        """Have all of these try a door at once, and hold that each is told why they may not go through."""
        kinds_in_order = sorted(kinds)
        told = await asyncio.gather(*(self.tries(kind, door) for kind in kinds_in_order))
        for kind, said in zip(kinds_in_order, told, strict=True):
            assert any(words in said for words in REFUSED[kind]), (kind, said)

    def user(self, kind: str) -> User:
        """Give the person of a kind."""
        known = PEOPLE[kind]
        return self.world.stage.slack.workspace.user(known if isinstance(known, str) else known.id)

    async def _sends(self, user: User, here: Place, door: Door) -> Ack:
        slack = self.world.stage.slack
        channel, trigger = slack.workspace.channel(here.id), slack.triggers.make(user.id)
        if door.does.startswith("/"):
            name, _, text = door.does.partition(" ")
            typed = text.replace("@ana", "<@UANA|ana>").replace("@di", "<@UDI|di>")
            url = slack.response_urls.make(channel.id, user.id)
            fields = command_fields(slack.workspace, channel, user, name, typed, url, trigger)
            return await slack.delivery.command(fields)
        shown = self._message(here)
        action = {
            "type": "button",
            "block_id": "b",
            "action_id": door.does,
            "value": self._about(here, door.about),
            "text": {"type": "plain_text", "text": "Press"},
            "action_ts": "1.0",
        }
        url = slack.response_urls.make(channel.id, user.id, source=shown.ts)
        return await slack.delivery.interaction(
            block_actions(slack.workspace, channel, user, shown, action, url, trigger)
        )

    def _message(self, here: Place) -> Message:
        return here.cards[-1] if here.cards else self.world.stage.slack.workspace.messages(here.id)[-1]

    def _about(self, here: Place, what: str) -> str:
        if what == "first page":
            return ""
        if what == "nothing":
            return "realtimekit:none|Retro"
        meeting = f"realtimekit:{here.room}"
        return {"meeting": meeting, "recording": f"{meeting}|{self.recording}", "pass": f"{meeting}|{self.guest}"}[what]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(redis_process: str) -> AsyncIterator[Scene]:
    """Set the scene: one channel with a recorded meeting, one that is being recorded, one in which nothing is on."""
    async with town(redis_process, one_click=True) as world:
        workspace = world.stage.slack.workspace
        world.stage.slack.scopes.update(SEES_MEMBERS)
        strangers = [user for user in PEOPLE.values() if isinstance(user, User)]
        for user in strangers:
            workspace.add_user(user)
        everybody = (*EVERYONE, *(user.id for user in strangers if user.id != "UTLEFT"))
        made = Scene(world, {name: place(world, members=everybody) for name in ("recorded", "recording", "empty")})
        workspace.post(made.places["empty"].id, "UANA", "Hello")
        await made.places["recording"].runs()
        recorded = made.places["recorded"]
        await world.presses("ana", await recorded.recording(), "record_stop")
        await recorded.reply("Recording ready")
        made.recording = str(recorded.current_recording.id)
        yield made


def names(doors: tuple[Door, ...]) -> list[str]:
    return [f"{door.does}".replace(" ", "_") for door in doors]


# ------------------------------------------------------------ doors in Slack


STARTING = [door for door in DOORS if door.where == "empty"]
OTHERS = tuple(door for door in DOORS if door.where != "empty")


@pytest.mark.parametrize("door", OTHERS, ids=names(OTHERS))
async def test_a_door_in_slack_lets_through_whom_the_table_says_and_tells_the_others_why(
    scene: Scene, door: Door
) -> None:
    if door.about == "pass":
        await gives_a_pass(scene)
    refused = EVERY_KIND - door.allowed - (HOSTS if door.does == "/meet settings" else set())
    with scene.places[door.where].no_calls():
        await scene.all_are_refused(refused, door)
    for kind in sorted(door.allowed if door.seen else ()):
        said = await scene.tries(kind, door)
        assert any(words in said for words in door.seen), (kind, said)


async def test_whoever_started_a_recording_and_left_the_channel_is_shown_no_list_of_it(scene: Scene) -> None:
    here = scene.places["recorded"]
    own, recording = (await here.stored()).id, RecordingId(scene.recording)
    begun = RecordingActed(recording, "start", UserId("UTLEFT"), datetime(2020, 1, 1, tzinfo=UTC))
    await here.world.bot.store.update(own, partial(apply, event=begun))

    said = await scene.tries("left", Door("record_show", frozenset(), (), "recording"))

    assert any(words in said for words in REFUSED["left"])
    assert "Recordings of this channel" not in said


async def gives_a_pass(scene: Scene) -> None:
    """Let the host have made a pass, whose link nobody needs here."""
    here = scene.places["recorded"]
    meeting = await here.stored()
    made = GuestInvited(
        UserId(scene.guest), "John", UserId("UANA"), meeting.created_at, meeting.created_at.replace(year=2099)
    )
    await scene.world.bot.services.meetings._happenings.tell(meeting.id, made)


@pytest.mark.parametrize("door", STARTING, ids=names(tuple(STARTING)))
async def test_a_meeting_is_started_by_those_who_may_and_by_nobody_else(scene: Scene, door: Door) -> None:
    typed, slack = door.does.startswith("/"), scene.world.stage.slack
    with scene.places["empty"].no_calls():
        # Slack itself lets nobody type in a channel that they are not in, so the bot takes its word for that.
        assert not (await slack.command("UTLEFT", scene.places["empty"].id, "/meet Retro")).ok
        await scene.all_are_refused(EVERY_KIND - door.allowed - ({"left"} if typed else set()), door)
    assert not scene.places["empty"].cards[1:]
    for kind in sorted(door.allowed):
        members = scene.world.stage.slack.workspace.channel(scene.places["empty"].id).members
        fresh = replace(scene, places={"empty": place(scene.world, members=members)})
        scene.world.stage.slack.workspace.post(fresh.places["empty"].id, "UANA", "Hello")
        assert (await fresh._sends(scene.user(kind), fresh.places["empty"], door)).ok
        await scene.world.until(lambda fresh=fresh, kind=kind: is_started(fresh.places["empty"], scene.user(kind).id))


def is_started(here: Place, by: str) -> bool:
    return any(f"Retro: Started by <@{by}>" in card.text for card in here.cards)


@pytest.mark.parametrize("kind", sorted(HOSTS))
async def test_the_form_of_a_channels_rules_opens_for_those_who_may_change_them(scene: Scene, kind: str) -> None:
    user = scene.user(kind)

    assert (await scene._sends(user, scene.places["recorded"], Door("/meet settings", HOSTS, ()))).ok

    assert scene.world.form(user.id).content["title"]["text"] == "Rules of this channel"
    await scene.world.stage.slack.dismiss(user.id, scene.world.form(user.id).id)


@pytest.mark.parametrize("kind", sorted(MEMBERS))
async def test_a_meeting_is_ended_by_those_who_may(scene: Scene, kind: str) -> None:
    members = scene.world.stage.slack.workspace.channel(scene.places["recorded"].id).members
    fresh = replace(scene, places={"recorded": place(scene.world, members=members)})
    await fresh.places["recorded"].meeting()

    assert await fresh.tries(kind, Door("meeting_end", MEMBERS, ())) == "*Weekly sync* is ended for everyone."


# ------------------------------------------------------------ pages


KINDS = sorted(EVERY_KIND)
ROBOT = {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}


@pytest_asyncio.fixture(loop_scope="module")
async def anybody(scene: Scene) -> AsyncIterator[Browser]:
    async with browser(scene.world, None) as opened:
        yield opened


@pytest.mark.parametrize("kind", KINDS)
async def test_a_personal_link_lets_in_whom_the_rules_let_in_when_it_is_opened(
    scene: Scene, anybody: Browser, kind: str
) -> None:
    """It was made when they still might; whoever opens it is that person, signed in or not."""
    url = await kept(scene, kind)
    before = placed(scene)

    page, press = await anybody.get(url, **PERSON), await anybody.post(url, **PERSON)

    if kind in THOSE_HERE:
        assert (page.status, press.status) == (200, 303)
        assert f"You are joining as {scene.user(kind).name}." in page.words
    else:
        assert (page.status, press.status) == (403, 403)
        assert page.title == "You cannot join here"
        assert "<@" not in page.words
        assert "Weekly sync" not in page.text
        assert placed(scene) == before


_codes = itertools.count()


async def kept(scene: Scene, kind: str) -> str:
    meeting = (await scene.places["recorded"].stored()).id
    joining = scene.world.bot.services.joining
    code = f"table-{kind}-{next(_codes)}"  # a code belongs to the browser that used it
    return await joining.keep_code(code, MeetingId(meeting), UserId(scene.user(kind).id), CODE_KEPT)


def placed(scene: Scene) -> int:
    return len(scene.world.stage.provider.rooms.participants_of(scene.places["recorded"].room))


async def test_a_robot_that_looks_at_a_personal_link_goes_nowhere(scene: Scene, anybody: Browser) -> None:
    url, before = await kept(scene, "member"), placed(scene)

    page = await anybody.get(url, **ROBOT)

    assert (page.status, page.goes_on) == (200, False)
    assert placed(scene) == before


def door_of(scene: Scene, name: str) -> str:
    here = scene.places["recorded"]
    shown = here.cards[-1] if name == "join_door" else next(m for m in here.replies if "Recording ready" in m.text)
    url = str(button(shown, name)["url"])
    return url[url.index("/", len("https://")) :]


@pytest.mark.parametrize("name", ["join_door", "record_door"])
@pytest.mark.parametrize("kind", KINDS)
async def test_the_door_that_is_the_same_for_everyone_lets_in_whom_the_rules_let_in(
    scene: Scene, kind: str, name: str
) -> None:
    door = door_of(scene, name)
    async with browser(scene.world, scene.user(kind).id) as opened:
        page = await arrives(opened, door)
        press = await opened.post(door)

    if kind in THOSE_HERE - {"outside"}:
        assert (page.status, press.status) == (200, 303), (page.words, press.words)
        assert page.title == "Weekly sync"
    else:
        assert press.status in {401, 403}
        assert "Weekly sync" not in page.text + press.text


async def arrives(opened: Browser, door: str) -> Any:
    """Sign in as far as Slack lets this person, and give the last page."""
    leaving = await opened.get(await opened.leaves(door))
    if leaving.status != 302:
        return leaving
    back = await opened.get(leaving.location)
    return await opened.get(back.location) if back.status == 303 else back


@pytest.mark.parametrize("name", ["join_door", "record_door"])
async def test_whoever_is_not_signed_in_is_asked_to_and_learns_nothing(
    scene: Scene, anybody: Browser, name: str
) -> None:
    door = door_of(scene, name)

    page, press, robot = await anybody.get(door), await anybody.post(door), await anybody.get(door, **ROBOT)

    assert (page.status, press.status, robot.status) == (200, 401, 200)
    assert "Continue with Slack" in page.text
    assert not robot.goes_on
    assert "Weekly sync" not in page.text + press.text + robot.text

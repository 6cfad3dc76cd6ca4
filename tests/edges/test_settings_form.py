"""A channel's rules: who may change them, by a form; what everybody else is told; and that they hold at once."""

import pytest

from bot.domain.ids import ChannelId
from playground.stage import SEES_MEMBERS
from playground.workspace_values import User
from tests.edges.place import STARTED, Place
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def sees(shared: Bench) -> None:
    """Let the bot see who made a channel."""
    shared.stage.slack.scopes.update(SEES_MEMBERS)


async def chooses(here: Place, user: str, **answers: object) -> str:
    """Fill in the form and give what is said."""
    await here.world.says(user, here.id, "/meet settings")
    async with here.answered(user):
        assert (await here.world.fills(user, **answers)).ok
    return here.answers(user)[-1].text


async def test_whoever_made_the_channel_chooses_and_it_holds_at_once(here: Place) -> None:
    said = await chooses(here, "ana", end="host", record="host", habits=["restart_failed_recordings"])

    assert said.startswith(f"*Saved.* The rules of <#{here.id}> are now:")
    assert "Who may record? The host and workspace admins." in said
    assert "Begin again by itself when a recording fails." in said
    await here.attended()
    with here.no_calls():
        assert "Only the host, <@UANA>, may record this meeting" in (await here.asks("bo", "/record")).text
        assert "Only the host, <@UANA>, may end this meeting" in (await here.asks("bo", "/meet end")).text
    assert (await here.asks("ana", "/record")).text.startswith(STARTED)


async def test_the_form_shows_what_holds_now(here: Place) -> None:
    await chooses(here, "ana", start="host", guests="nothing")

    await here.world.says("ana", here.id, "/meet settings")

    shown = {block["block_id"]: block["element"] for block in here.world.form("ana").content["blocks"][1:]}
    assert shown["start"]["initial_option"]["text"]["text"] == "Workspace admins"
    assert shown["guests"]["initial_option"]["value"] == "nothing"
    assert shown["end"]["initial_option"]["value"] == "members"
    assert "initial_options" not in shown["habits"]
    await here.world.stage.slack.dismiss("ana", here.world.form("ana").id)


async def test_watching_and_listening_alone_is_no_choice_where_no_preset_is_named_for_it(here: Place) -> None:
    await here.world.says("ana", here.id, "/meet settings")

    shown = {block["block_id"]: block["element"] for block in here.world.form("ana").content["blocks"][1:]}
    assert [each["value"] for each in shown["guests"]["options"]] == ["everyone", "watch", "join", "nothing"]
    await here.world.stage.slack.dismiss("ana", here.world.form("ana").id)


async def test_who_is_to_watch_and_listen_alone_is_not_let_in_to_speak(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    guest = User(f"UGUEST{here.id}", f"guest{here.id.lower()}", "A Guest", is_restricted=True)
    workspace.add_user(guest)
    workspace.invite(here.id, guest.id)
    await here.meeting()
    await here.world.bot.services.permissions._rules.choose(ChannelId(here.id), {"guests": "view"})

    with here.no_calls():
        assert "`VIEWER_PRESET` is missing" in (await here.asks(guest.id, "/meet join")).text


async def test_everybody_else_reads_them_and_who_can_change_them(here: Place) -> None:
    answer = await here.asks("bo", "/meet settings")

    assert not here.world.has_form("bo")
    assert answer.ephemeral_for == "UBO"
    assert "Who may start meetings? Members of this workspace." in answer.text
    assert "The most that guests of this workspace may do: whatever everyone may." in answer.text
    assert "Whoever made this channel, and admins of the workspace, can change them" in answer.text


async def test_an_admin_of_the_workspace_may_and_one_of_another_organisation_may_not(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    for name, team in (("own", ""), ("foreign", "T0ELSEWHERE")):
        user = User(f"U{name.upper()}{here.id}", f"{name}{here.id.lower()}", name, is_admin=True, team_id=team)
        workspace.add_user(user)
        workspace.invite(here.id, user.id)

    assert (await chooses(here, f"UOWN{here.id}", record="everyone")).startswith("*Saved.*")

    permissions = here.world.bot.services.permissions
    assert not await permissions.may_change_rules(f"UFOREIGN{here.id}", here.id)  # type: ignore[arg-type]


async def test_who_may_no_more_when_the_form_is_sent_changes_nothing(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    user = User(f"UADMIN{here.id}", f"admin{here.id.lower()}", "An Admin", is_admin=True)
    workspace.add_user(user)
    workspace.invite(here.id, user.id)
    await here.world.says(user.id, here.id, "/meet settings")
    here.world.bot.services.chat._people._known.clear()  # type: ignore[attr-defined]
    workspace.add_user(User(user.id, user.name, "Admin no more"))

    async with here.answered(user.id):
        assert (await here.world.fills(user.id, record="host")).ok

    assert here.answers(user.id)[-1].text.endswith("Nothing was changed.")
    assert "Who may record? Members of this workspace." in (await here.asks("bo", "/meet settings")).text


async def test_where_the_bot_may_not_see_who_made_the_channel_only_admins_may(here: Place) -> None:
    here.world.stage.slack.scopes.difference_update(SEES_MEMBERS)

    answer = await here.asks("ana", "/meet settings")

    assert "admins of the workspace, can change them" in answer.text
    assert not here.world.has_form("ana")


async def test_of_two_who_change_different_rules_at_once_neither_undoes_what_the_other_chose(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    boss = User(f"UBOSS{here.id}", f"boss{here.id.lower()}", "The Boss", is_admin=True)
    workspace.add_user(boss)
    workspace.invite(here.id, boss.id)
    await here.world.says("ana", here.id, "/meet settings")
    assert (await chooses(here, boss.id, record="host")).startswith("*Saved.*")

    async with here.answered("ana"):
        assert (await here.world.fills("ana", end="host")).ok

    assert "Who may record? The host and workspace admins." in here.answers("ana")[-1].text
    assert "Who may end a meeting for everyone? The host and workspace admins." in here.answers("ana")[-1].text

"""Slack counts posts by channel: one that takes no more for now holds up no other, unless it is not the only one."""

from bot.domain.ids import ChannelId
from bot.errors import ChatBusy
from bot.posts import Posts
from bot.reconciler import Later
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene

STORMY, CALM, THIRD = ChannelId("CSTORMY"), ChannelId("CCALM"), ChannelId("CTHIRD")
POST = "chat.postMessage"


async def test_one_channel_that_is_closed_leaves_the_others_open(posts: Posts) -> None:
    await posts.ban(POST, 30, STORMY)
    await posts.ban(POST, 30, STORMY)

    assert 29 < await posts.banned_for(POST, STORMY) <= 30
    assert await posts.banned_for(POST, CALM) == 0


async def test_a_second_channel_that_is_closed_meanwhile_closes_the_method_for_all(posts: Posts) -> None:
    await posts.ban(POST, 30, STORMY)
    await posts.ban(POST, 20, CALM)

    assert 19 < await posts.banned_for(POST, THIRD) <= 20
    assert 29 < await posts.banned_for(POST, STORMY) <= 30


async def test_a_refused_post_closes_its_own_channel(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    chat.next("post", refused=ChatBusy(POST, 30))

    assert await scene.follows() == Later(30, "ratelimited")
    assert await scene.posts.banned_for(POST, CALM) == 0
    later = await scene.follows()
    assert later is not None
    assert 29 < later.seconds <= 30
    assert chat.count("post") == 1


async def test_a_refused_edit_closes_the_method(scene: Scene, chat: ChatDouble) -> None:
    await scene.posts.ban("chat.update", 30)
    assert 29 < await scene.posts.banned_for("chat.update") <= 30
    assert chat.calls == []

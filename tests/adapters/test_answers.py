"""What people are told of a closed meeting names it, and its title is never markup."""

import pytest
from redis.asyncio import Redis

from bot.channel_rules import ChannelRules
from bot.choice import Providers
from bot.clock import utcnow
from bot.command_names import CommandNames
from bot.domain.events import RoomClosed
from bot.domain.ids import UserId
from bot.domain.meeting import Meeting
from bot.domain.rules import Rules
from bot.errors import MeetingClosed
from bot.happenings import Happenings
from bot.joining import Joining, JoinRules
from bot.journal import Journal
from bot.locks import Locks
from bot.meetings import Meetings
from bot.permissions import Permissions
from bot.recordings import Recordings
from bot.store import MeetingStore
from handlers.join_page import sorry
from tests.support.chat_double import ChatDouble
from tests.support.provider_double import ProviderDouble
from tests.support.stories import at, told

HARMLESS = "“&lt;!channel&gt; R&amp;D” was ended for everyone"


class Closed:
    """The use cases, and a closed meeting with a title that means harm."""

    def __init__(self, redis: Redis) -> None:
        self.store, locks = MeetingStore(redis, utcnow), Locks(redis)
        providers = Providers({"realtimekit": ProviderDouble()}, "realtimekit")
        happenings = Happenings(self.store, self.follow)
        rules = JoinRules("host", "guest", "https://greenroom.example", None)
        self.meeting: Meeting = told(RoomClosed(at(9)), title="<!channel> R&D")
        chat = ChatDouble()
        permissions = Permissions(chat, ChannelRules(redis, Rules()), utcnow)
        self.meetings = Meetings(self.store, happenings, locks, providers, permissions, utcnow)
        self.recordings = Recordings(self.store, happenings, locks, providers, permissions, utcnow)
        self.joining = Joining(redis, self.store, happenings, locks, providers, chat, permissions, rules, utcnow)
        self.wish = Journal(redis).wish("w1")

    async def follow(self, meeting_id: str) -> None:
        """Let nothing follow."""


@pytest.fixture
async def closed(redis: Redis) -> Closed:
    world = Closed(redis)
    await world.store.add(world.meeting)
    return world


async def test_ending_it_again(closed: Closed) -> None:
    with pytest.raises(MeetingClosed, match=HARMLESS):
        await closed.meetings.end(closed.meeting.id, UserId("UBO"))


async def test_recording_it(closed: Closed) -> None:
    with pytest.raises(MeetingClosed, match=HARMLESS):
        await closed.recordings.start(closed.wish, closed.meeting.id, UserId("UBO"))


async def test_joining_it(closed: Closed) -> None:
    with pytest.raises(MeetingClosed, match=HARMLESS):
        await closed.joining.link(closed.meeting.id, UserId("UBO"))


def test_the_page_shows_the_title_as_it_was_typed() -> None:
    shown = sorry(MeetingClosed(f"{HARMLESS}."), CommandNames())

    assert isinstance(shown.text, str)
    assert "“&lt;!channel&gt; R&amp;D” was ended for everyone." in shown.text

"""Starting, finding and ending meetings, and taking in what the provider reports of them."""

from contextlib import suppress
from dataclasses import dataclass

from bot.admission import Admission
from bot.choice import Providers
from bot.clock import Clock
from bot.domain.events import Ignored, RoomClosed
from bot.domain.ids import ChannelId, MeetingId, RecordingId, UserId, meeting_id, room_of
from bot.domain.meeting import Meeting, Status
from bot.domain.options import RecordingOptions
from bot.domain.rules import Act
from bot.errors import HalfEnded, MeetingClosed, NoMeetingHere, ProviderError, ProviderNotFound
from bot.exchanged import Delivery
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import channel_lock_key, provider_lock_key
from bot.locks import Locks
from bot.on_air import take_off_air
from bot.permissions import Permissions
from bot.ports import Provider
from bot.recording_choices import EMPTY, RecordingChoices
from bot.store import Changed, MeetingStore
from bot.views.words import title


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed after ``/meet``.

    Args:
        by: who asks.
        channel: where.
        title: what to call the meeting.
        invited: people to be told directly.
        record: whether to record from the start.
        options: how.
        region: where the provider should hold it.
        beside: the meeting in the channel that may be left alone though it is alive; any other one is given instead.

    """

    by: UserId
    channel: ChannelId
    title: str
    invited: tuple[UserId, ...] = ()
    record: bool = False
    options: RecordingOptions = EMPTY
    region: str | None = None
    beside: MeetingId | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The meeting that somebody gets; ``new`` is false where it was alive in the channel already."""

    meeting: Meeting
    new: bool


class Meetings:
    """What can be done with meetings; ``admission`` is None where nobody can sign in."""

    def __init__(
        self,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        permissions: Permissions,
        clock: Clock,
        choices: RecordingChoices | None = None,
        admission: Admission | None = None,
    ) -> None:
        self._permissions = permissions
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._clock = clock
        self.choices = choices or RecordingChoices()
        self._admission = admission

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that new meetings can be held in; none where the provider chooses."""
        return self._providers.default.regions

    async def start(self, wish: Wish, asked: Asked) -> Started:
        """Make a meeting in a channel, or give the one that is alive there.

        Raises:
            UserError: its recording cannot be made as asked for; no meeting was made.
            NotAllowed: they may not start one here, and none is alive that they could join.
            ProviderError: no meeting was made.

        """
        options = self.choices.settled(asked.options) if asked.record else EMPTY
        refusal = await self._permissions.refusal(asked.by, Act.START, asked.channel, typed=asked.beside is None)
        async with self._locks.hold(channel_lock_key(asked.channel), patience=45):
            made = await wish.recall("meeting")
            current = await self._store.current(asked.channel)
            if not made and current and self._stands_in_the_way(current.meeting, asked):
                return Started(current.meeting, new=False)
            if refusal and not made:
                raise refusal
            meeting = await self._make(wish, asked, options)
            await self._store.set_current(asked.channel, meeting.id)
        await self._happenings.follow(meeting.id)
        return Started(meeting, new=True)

    def _stands_in_the_way(self, current: Meeting, asked: Asked) -> bool:
        return current.id != asked.beside and current.is_alive(self._clock())

    async def _make(self, wish: Wish, asked: Asked, options: RecordingOptions) -> Meeting:
        async def create() -> str:
            return await self._providers.default.create_meeting(
                asked.title,
                record_on_start=asked.record,
                region=asked.region,
                options=options,
                storage=self.choices.profile(options),
            )

        room = await wish.once("meeting", create)
        identity = MeetingId(f"{self._providers.default.name}:{room}")
        known = await self._store.get(identity)
        if known:
            return known.meeting
        # Nothing chosen is a choice where a deployment has a storage for all: to do without it.
        chosen = asked.record and (options != EMPTY or self.choices.storage is not None)
        meeting = Meeting(
            id=identity,
            title=asked.title,
            channel=asked.channel,
            home=asked.channel,
            host=asked.by,
            created_at=self._clock(),
            record_on_start=asked.record,
            record_options=options if chosen else None,
            invited=asked.invited,
            address=await self._admission.address(asked.channel) if self._admission else "",
        )
        await self._store.add(meeting)
        return meeting

    async def here(self, channel: ChannelId) -> Meeting:
        """Give the meeting that commands in a channel are about.

        Raises:
            NoMeetingHere: none was started here, or it was long ago.

        """
        saved = await self._store.current(channel)
        if saved is None:
            raise NoMeetingHere("There is no meeting in this channel. Start one with `/meet` and a title.")
        return saved.meeting

    async def get(self, identity: MeetingId) -> Meeting:
        """Give a meeting that a button is about.

        Raises:
            NoMeetingHere: it was too long ago.

        """
        return await self._store.meeting(identity)

    async def of_recording(self, provider: str, recording: RecordingId) -> MeetingId | None:
        """Find the meeting that a recording belongs to; None for one that was made elsewhere, or long ago."""
        return await self._store.meeting_of(provider, recording)

    async def end(self, identity: MeetingId, by: UserId) -> Meeting:
        """Send everyone out and let nobody in any more.

        Raises:
            MeetingClosed: it was ended before.
            NotAllowed: they may not.
            NoMeetingHere: it was too long ago.
            ProviderError: it is not ended, or not wholly; asking again is safe.

        """
        async with self._locks.hold(provider_lock_key(identity)):
            meeting = await self.get(identity)
            if meeting.status is Status.CLOSED:
                raise MeetingClosed(f"“{title(meeting)}” was ended for everyone already.")
            await self._permissions.insist(by, Act.END, meeting)
            # First the door, then the people: nobody slips back in between.
            provider = self._providers.of(identity)
            with suppress(ProviderNotFound):  # a room that is gone lets nobody in either
                await provider.update_meeting(room_of(identity), active=False)
            await self._send_out(provider, meeting)
            await self._take_off_air(provider, meeting)
            changed = await self._happenings.tell(identity, RoomClosed(self._clock(), by))
        return changed.after if changed else meeting

    async def _send_out(self, provider: Provider, meeting: Meeting) -> None:
        try:
            await provider.kick_all(room_of(meeting.id))
        except ProviderError as trouble:
            raise HalfEnded(
                f"Nobody can come into “{title(meeting)}” any more, but those inside could not be sent out. "
                "Please end it once more in a minute."
            ) from trouble

    async def _take_off_air(self, provider: Provider, meeting: Meeting) -> None:
        if meeting.active_livestream is None:
            return
        try:
            await take_off_air(provider, room_of(meeting.id))
        except ProviderError as trouble:
            raise HalfEnded(
                f"Everyone is out of “{title(meeting)}”, but its livestream could not be stopped: the public may still "
                "be watching. Please end it once more in a minute."
            ) from trouble

    async def handle(self, provider: str, delivery: Delivery) -> Changed | None:
        """Take in a verified delivery; durable once it returns.

        Returns:
            What it did to its meeting, whose thread has to follow if it did anything; None for what is about none
            of ours: another app's meeting, an event type that is not used.

        """
        events = [event for event in delivery.events if not isinstance(event, Ignored)]
        identity = await self._place(provider, delivery) if events else None
        return await self._happenings.hear(identity, events) if identity else None

    async def _place(self, provider: str, delivery: Delivery) -> MeetingId | None:
        if delivery.room:
            return meeting_id(provider, delivery.room)
        if delivery.recording_id:
            return await self._store.meeting_of(provider, delivery.recording_id)
        if delivery.livestream_id:
            return await self._store.shown_by(provider, delivery.livestream_id)
        return None

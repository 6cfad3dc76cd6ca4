"""A local video provider: Cloudflare RealtimeKit and Dyte v2 at once, as far as a meeting bot can tell.

It refuses what they refuse, answers in their envelopes, and tells what happens by signed webhooks. What the
documents leave open (the status of a second recording, a repeated custom id) is decided here and said where it is.
"""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

from playground.deliveries import Deliveries
from playground.faults import ProviderFaults
from playground.happenings import Happening, Herald
from playground.jointokens import JoinTokens
from playground.livestreamlife import LivestreamLife
from playground.provider_api import ProviderApi
from playground.provider_files import Files
from playground.provider_flavours import Flavour, dyte, realtimekit
from playground.provider_gate import Gate, Logged
from playground.provider_keys import Keys
from playground.provider_payloads import Payloads
from playground.recordinglife import RecordingLife
from playground.roomlife import RoomLife
from playground.roompage import RoomPage
from playground.rooms import Participant, Peer, ProviderName, Recording, Rooms
from playground.timers import Changes, Pace, Timers


def utcnow() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class ProviderSimulator:
    """The provider's side of the playground, and the double that tests run against.

    Args:
        account_id: the Cloudflare account.
        app_id: the RealtimeKit app in it.
        api_token: what opens it.
        org_id: the Dyte organization.
        api_key: what opens that.
        faults: what goes wrong; all well by default.
        now: what time it is.
        pace: how long things take.

    """

    def __init__(
        self,
        *,
        account_id: str,
        app_id: str,
        api_token: str,
        org_id: str,
        api_key: str,
        faults: ProviderFaults | None = None,
        now: Callable[[], datetime] = utcnow,
        pace: Pace | None = None,
    ) -> None:
        self.base_url = ""
        self.pace = pace or Pace()
        self.faults = faults or ProviderFaults()
        self.rooms = Rooms()
        self.changes = Changes()
        self.timers = Timers()
        self.keys = Keys()
        self._now = now
        self.flavours: dict[ProviderName, Flavour] = {
            "realtimekit": realtimekit(account_id, app_id, api_token),
            "dyte": dyte(org_id, api_key),
        }
        self.limits = {name: flavour.limits for name, flavour in self.flavours.items()}
        self._wire()

    def _wire(self) -> None:
        rooms, now, timers = self.rooms, self._now, self.timers
        herald = Herald(self.changes, [self._announce])

        def pace() -> Pace:
            return self.pace

        self.files = Files(lambda: self.base_url, self._bucket_off, now, lambda: self.faults.links_expired)
        self.tokens = JoinTokens(rooms, now)
        self.deliveries = Deliveries(
            self.keys, faults=self.faults, pace=pace, now=now, timers=timers, changes=self.changes
        )
        recordings = RecordingLife(rooms, pace=pace, faults=self.faults, now=now, timers=timers, herald=herald)
        livestreams = LivestreamLife(rooms, pace=pace, faults=self.faults, now=now, timers=timers, herald=herald)
        self.life = RoomLife(rooms, recordings, livestreams, pace=pace, now=now, timers=timers, herald=herald)
        self._page = RoomPage(rooms, self.life, self.tokens, self.changes)
        self._payloads = Payloads(self.files, self.faults, lambda: self.base_url)
        self._gate = Gate(self.faults, now, timers, self.changes, self.limits)
        self._api = ProviderApi(
            self.flavours, self._gate, rooms, self.life, self.files, self.tokens, self.keys, now, lambda: self.base_url
        )

    # ------------------------------------------------------------ where it is

    @property
    def realtimekit_url(self) -> str:
        """The base URL for RealtimeKit's client, as ``REALTIMEKIT_API_URL`` wants it."""
        return f"{self.base_url}/provider/client/v4"

    @property
    def dyte_url(self) -> str:
        """The base URL for Dyte's client, as ``DYTE_API_URL`` wants it."""
        return f"{self.base_url}/provider/dyte/v2"

    @property
    def room_url_template(self) -> str:
        """The address of the room page, as ``JOIN_URL_TEMPLATE`` wants it."""
        return f"{self.base_url}/room/?authToken={{token}}"

    def key_url(self, provider: ProviderName) -> str:
        """Tell where a provider publishes its webhook key."""
        return f"{self.base_url}/provider/{provider}/.well-known/webhooks.json"

    def routes(self) -> list[web.RouteDef]:
        """List every route; the paths carry their prefix."""
        return [*self._api.routes(), *self._page.routes()]

    async def start(self) -> None:
        """Get ready to send webhooks."""
        await self.deliveries.start()

    async def close(self) -> None:
        """Stop every timer, hang up on everyone and close the client; call it before the server is stopped."""
        await self._page.close()
        await self.timers.close()
        await self.deliveries.close()

    # ------------------------------------------------------------ what is watched

    @property
    def version(self) -> int:
        """A number that grows with every visible change."""
        return self.changes.version

    async def changed(self, since: int | None = None) -> int:
        """Wait until the version is past ``since``, by default the present one, and return it."""
        return await self.changes.wait(since)

    @property
    def calls(self) -> deque[Logged]:
        """Every API call that was taken, newest last, bounded."""
        return self._gate.calls

    def calls_of(self, operation: str) -> list[Logged]:
        """Give the calls of one operation, newest last."""
        return [call for call in self.calls if call.operation == operation]

    # ------------------------------------------------------------ what people do

    async def enter(self, token: str) -> Peer:
        """Let a person in, as if they opened the room page.

        Raises:
            TokenRefused: the token lets nobody in; the reason is in words.

        """
        return self.life.enter(*self.tokens.admit(token))

    async def enter_stranger(self, room: str, name: str) -> Peer:
        """Let someone in whom the bot never gave a place."""
        now = self._now()
        custom_id = "stranger-" + "-".join(name.lower().split())
        place = Participant(room, custom_id, "group_call_participant", name, None, now, now)
        self.rooms.participants[place.id] = place
        return self.life.enter(self.rooms.meetings[room], place)

    async def leave(self, peer_id: str) -> None:
        """Let one device out; one that is out already changes nothing."""
        self._let_out(peer_id, "left")

    async def kick(self, peer_id: str) -> None:
        """Send one device out."""
        self._let_out(peer_id, "removed")

    async def kick_all(self, room: str) -> int:
        """Send everyone out of a room, which ends its session, and count them."""
        return self.life.kick_all(self.rooms.meetings[room])

    def people(self, room: str) -> list[Peer]:
        """Give who is in a room now."""
        return self.rooms.people(room)

    def fail_next_upload(self) -> None:
        """Let the next upload end ERRORED."""
        self.faults.fail_uploads += 1
        self.changes.bump()

    # ------------------------------------------------------------ webhooks by hand

    def sign(self, provider: ProviderName, body: bytes) -> str:
        """Sign a body with a provider's key, as its signature header carries it."""
        return self.keys.of(provider).sign_text(body)

    async def deliver_raw(
        self,
        provider: ProviderName,
        url: str,
        body: bytes,
        *,
        signature: str | None = None,
        uuid: str | None = None,
        webhook_id: str | None = None,
    ) -> int:
        """Send any bytes to a URL once and give the status.

        Args:
            provider: whose headers and key.
            url: where to.
            body: what is sent, as it is.
            signature: in place of the right one; empty for none.
            uuid: of the event, by default a new one.
            webhook_id: by default that of the provider's first webhook.

        """
        hooks = self.rooms.webhooks_of(provider)
        known = webhook_id or (hooks[0].id if hooks else None)
        return await self.deliveries.deliver_raw(
            self.flavours[provider], url, body, signature=signature, uuid=uuid, webhook_id=known
        )

    # ------------------------------------------------------------ inside

    def _let_out(self, peer_id: str, why: str) -> None:
        peer = self.rooms.peer(peer_id)
        if peer is not None:
            self.life.leave(peer, why)

    def _announce(self, happening: Happening) -> None:
        flavour = self.flavours[happening.meeting.provider]
        payload = self._payloads.write(flavour, happening)
        if payload is None:
            return
        for hook in self.rooms.webhooks_of(flavour.name):
            if hook.enabled and happening.event in hook.events:
                self.deliveries.send(flavour, hook, payload)

    def _bucket_off(self, recording: Recording) -> bool:
        flavour = self.flavours[self.rooms.meetings[recording.meeting_id].provider]
        if recording.tracks:
            outputs = recording.options.get("layers", {}).get("default", {}).get("outputs", [])
            return bool(outputs) and all(one.get("type") == "STORAGE_CONFIG" for one in outputs)
        return not (recording.options.get(flavour.bucket) or {"enabled": True})["enabled"]

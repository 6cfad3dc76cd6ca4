"""Every route of the simulated providers: both REST APIs, the published keys and the files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from playground.jointokens import JoinTokens
from playground.provider_account import AccountCalls
from playground.provider_files import Files
from playground.provider_flavours import Flavour
from playground.provider_gate import Gate, Operation
from playground.provider_keys import Keys
from playground.provider_livestreams import LivestreamCalls
from playground.provider_meetings import MeetingCalls
from playground.provider_recordings import RecordingCalls
from playground.provider_sessions import SessionCalls
from playground.provider_tracks import TrackCalls
from playground.roomlife import RoomLife
from playground.rooms import ProviderName, Rooms

APPS = "/provider/client/v4/accounts/{account_id}/realtime/kit/apps"


@dataclass(frozen=True, slots=True)
class ProviderApi:
    """Puts the operations behind the gate, at the paths where each provider has them."""

    flavours: Mapping[ProviderName, Flavour]
    gate: Gate
    rooms: Rooms
    life: RoomLife
    files: Files
    tokens: JoinTokens
    keys: Keys
    now: Callable[[], datetime]
    base_url: Callable[[], str]

    def routes(self) -> list[web.RouteDef]:
        """List the routes; RealtimeKit's apps must be matched before what is inside an app."""
        kit, account = self.flavours["realtimekit"], AccountCalls(self.rooms, self.now, self.now())
        return [
            web.get("/provider/{provider:realtimekit|dyte}/.well-known/webhooks.json", self._key),
            web.get("/provider/files/{name}", self._file),
            *self._livestreams.routes(),
            *(self._route(kit, APPS, each) for each in account.app_operations()),
            *(
                self._route(flavour, flavour.base, each)
                for flavour in self.flavours.values()
                for each in self._operations(flavour, account)
            ),
        ]

    @property
    def _livestreams(self) -> LivestreamCalls:
        return LivestreamCalls(self.rooms, self.life.livestreams, self.base_url)

    def _operations(self, flavour: Flavour, account: AccountCalls) -> Iterator[Operation]:
        calls = (
            MeetingCalls(self.rooms, self.tokens, self.now),
            SessionCalls(self.rooms, self.life, self.files, self.now),
            RecordingCalls(self.rooms, self.life, self.files, self.now),
            self._livestreams,
            TrackCalls(self.rooms, self.life, self.files),
            account,
        )
        return (each for kind in calls for each in kind.operations() if each.only in (None, flavour.name))

    def _route(self, flavour: Flavour, base: str, operation: Operation) -> web.RouteDef:
        return web.route(operation.method, base + operation.path, self.gate.handler(flavour, operation))

    async def _key(self, request: web.Request) -> web.StreamResponse:
        provider: ProviderName = "dyte" if request.match_info["provider"] == "dyte" else "realtimekit"
        spoiled = await self.gate.guard(request, provider, "webhook_key")
        data = {"publicKey": self.keys.of(provider).public_pem}
        return spoiled or web.json_response({"success": True, "data": data, "message": ""})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return await self.gate.guard(request, "realtimekit", "download_file") or await self.files.serve(request)

"""The calls about one person's place in a room, and about those who are inside, alike at both providers."""

from bot.domain.ids import ParticipantId, RoomId, UserId
from bot.providers._calls import Calls
from bot.providers._http import path_part


class PeopleCalls:
    """Changes places and sends people out; see ``bot.ports.Provider`` for what each call promises."""

    _calls: Calls

    async def edit_participant(self, room: RoomId, participant_id: ParticipantId, *, preset: str) -> None:
        """Give a place another preset; the token that comes with the answer is not used."""
        await self._calls.data("edit_participant", "PATCH", _place(room, participant_id), {"preset_name": preset})

    async def remove_participant(self, room: RoomId, participant_id: ParticipantId) -> None:
        """Take a place away; one that is gone already is no error."""
        await self._calls.away("remove_participant", "DELETE", _place(room, participant_id))

    async def kick(self, room: RoomId, person: UserId, participant_id: ParticipantId | None) -> None:
        """Send one person out, by our name for them and by the provider's."""
        body = {"custom_participant_ids": [person], "participant_ids": [participant_id] if participant_id else []}
        await self._calls.away("kick", "POST", f"/meetings/{path_part(room)}/active-session/kick", body)

    async def mute_all(self, room: RoomId) -> None:
        """Mute everyone, and let them unmute themselves."""
        path = f"/meetings/{path_part(room)}/active-session/mute-all"
        await self._calls.away("mute_all", "POST", path, {"allow_unmute": True})


def _place(room: RoomId, participant_id: ParticipantId) -> str:
    return f"/meetings/{path_part(room)}/participants/{path_part(participant_id)}"

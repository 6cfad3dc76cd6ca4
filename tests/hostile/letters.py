"""Webhooks by hand."""

from typing import Any

from tests.invariants.hostile import compact
from tests.support.bench import Bench


def joined(room: str, name: str = "Mallory", peer: str = "p-1") -> bytes:
    """Give a webhook that shows somebody in a meeting."""
    person = {"peerId": peer, "userDisplayName": name}
    return compact(
        {"event": "meeting.participantJoined", "meeting": {"id": room, "sessionId": "s-1"}, "participant": person}
    )


async def sent(world: Bench, body: bytes, **how: Any) -> int:
    """Deliver a body, rightly signed unless another signature is given."""
    return await world.stage.provider.deliver_raw("realtimekit", f"{world.bot.url}/webhooks/realtimekit", body, **how)

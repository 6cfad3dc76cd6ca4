"""Several meetings of one channel that have much to say at once: each thread is in order, whoever's turn it is."""

from collections import defaultdict

from bot.domain import events as e
from bot.domain.ids import PeerId, RecordingId, SessionId
from playground.slack_rates import RateLimits
from tests.limits.checker import POST, breaches
from tests.limits.desk import Desk, marks
from tests.support.stories import at

R1, R2, S1 = RecordingId("r1"), RecordingId("r2"), SessionId("s1")
STORY = (
    e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(0)),
    e.ParticipantLeft(PeerId("p1"), S1, "UBO", "Bo", at(9)),
    e.RecordingUpdated(R1, "UPLOADED", invoked_at=at(1), started_at=at(1), seconds=60),
    e.RecordingUpdated(R2, "RECORDING", invoked_at=at(5), started_at=at(5), observed_at=at(5)),
    e.SessionEnded(S1, at(9)),
)
ORDER = ["card", "recording:r1", "ready:r1", "recording:r2", "session:s1"]


async def test_threads_that_share_a_channel_and_its_turns_are_each_told_in_order(desk: Desk) -> None:
    desk.slack._install.rates.limits = RateLimits(post_burst=100)
    meetings = [await desk.meets(f"m{number}", "CGENERAL", *STORY) for number in range(3)]

    for _ in range(len(meetings) * len(ORDER)):
        for number, meeting in enumerate(meetings):
            await (desk.one, desk.other)[number % 2].follows(meeting)
        async for key in desk.redis.scan_iter(match="meet:gate:*"):
            await desk.redis.delete(key)  # a second passes: somebody's turn has come

    told = defaultdict(list)
    for mark in marks(desk.called(POST)):
        told[mark["meeting"]].append(mark["slot"])
    assert set(told) == {meeting.id for meeting in meetings}
    assert list(told.values()) == [ORDER] * 3
    assert not [breach for breach in breaches(desk.slack.calls) if "before the card" in breach]

"""How a meeting changes: one pure function that merges facts, in any order, any number of times."""

from typing import assert_never

from bot.domain import company as c
from bot.domain import events as e
from bot.domain import role_events as r
from bot.domain.ids import PeerId, SessionId
from bot.domain.livestream import IDLE, Livestream
from bot.domain.livestream_events import AboutLivestream, LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting, Presence, Session, notice_key
from bot.domain.merge import earliest, either, latest


def apply(meeting: Meeting, event: e.Event) -> Meeting:
    """Give the meeting as it is once this has happened too.

    Merging is commutative and idempotent, so replicas that hear the same events in different orders agree.
    """
    match event:
        case e.SessionStarted() | e.SessionEnded():
            return _with_session(meeting, event.session_id, _session(event))
        case e.ParticipantJoined() | e.ParticipantLeft():
            return _with_presence(meeting, event)
        case (
            e.RecordingUpdated()
            | e.RecordingActed()
            | e.RecordingPlanned()
            | e.RecordingWatched()
            | e.RecordingHidden()
            | e.OffTheRecord()
            | e.RecordingMarked()
            | e.RecordingContinued()
        ):
            return _with_recording(meeting, event)
        case LivestreamUpdated() | LivestreamActed():
            return _with_livestream(meeting, event)
        case (
            e.ParticipantKnown()
            | e.RoomClosed()
            | e.HomeMoved()
            | e.InviteFailed()
            | e.ProviderChecked()
            | e.Noticed()
            | e.CallOpened()
        ):
            return meeting.model_copy(update=_about_the_room(meeting, event))
        case (
            r.HostHanded()
            | r.PersonAdded()
            | r.PersonRemoved()
            | r.GuestInvited()
            | r.EveryoneMuted()
            | c.InviteAnswered()
            | c.PersonSeen()
        ):
            return meeting.model_copy(update=_about_people(meeting, event))
        case _:
            assert_never(event)


def _about_people(meeting: Meeting, event: r.RoleEvent | c.CompanyEvent) -> dict[str, object]:
    if isinstance(event, c.InviteAnswered | c.PersonSeen):
        return {"company": meeting.company.told(event)}
    return {"roles": meeting.roles.told(event)}


def _about_the_room(
    meeting: Meeting,
    event: e.ParticipantKnown
    | e.RoomClosed
    | e.HomeMoved
    | e.InviteFailed
    | e.ProviderChecked
    | e.Noticed
    | e.CallOpened,
) -> dict[str, object]:
    match event:
        case e.ParticipantKnown(user, participant_id, at):
            # Ours alone, and written under a lock: the last one counts, as when a place was deleted at the provider.
            return {
                "participants": {**meeting.participants, user: participant_id},
                "awaited_at": latest(meeting.awaited_at, at),
            }
        case e.RoomClosed(at, by):
            return {"closed_at": earliest(meeting.closed_at, at), "closed_by": either(meeting.closed_by, by)}
        case e.HomeMoved(home, because):
            return {"home": home, "home_because": because}
        case e.InviteFailed(user, because):
            return {"unreachable": {**meeting.unreachable, user: because}}
        case e.Noticed() | e.CallOpened():
            return _noted(meeting, event)
        case e.ProviderChecked(at, answered):
            name = "checked_at" if answered else "unanswered_at"
            return {name: latest(getattr(meeting, name), at)}


def _noted(meeting: Meeting, event: e.Noticed | e.CallOpened) -> dict[str, object]:
    if isinstance(event, e.CallOpened):
        return {"calls": {**meeting.calls, event.call_id: earliest(meeting.calls.get(event.call_id), event.at)}}
    key = notice_key(event.kind, event.subject)
    return {"notices": {**meeting.notices, key: earliest(meeting.notices.get(key), event.at)}}


def _session(event: e.SessionStarted | e.SessionEnded) -> Session:
    if isinstance(event, e.SessionStarted):
        return Session(id=event.session_id, started_at=event.at)
    return Session(id=event.session_id, started_at=event.started_at, ended=True, ended_at=event.at, reason=event.reason)


def _with_session(meeting: Meeting, session_id: SessionId, told: Session) -> Meeting:
    known = meeting.sessions.get(session_id, Session(id=session_id))
    merged = Session(
        id=session_id,
        started_at=earliest(known.started_at, told.started_at),
        ended=known.ended or told.ended,
        ended_at=earliest(known.ended_at, told.ended_at),
        reason=either(known.reason, told.reason),
    )
    return meeting.model_copy(update={"sessions": {**meeting.sessions, session_id: merged}})


def _with_presence(meeting: Meeting, event: e.ParticipantJoined | e.ParticipantLeft) -> Meeting:
    known, told = meeting.presences.get(event.peer_id), _presence(event)
    merged = told if known is None else _merged(known, told)
    meeting = meeting.model_copy(update={"presences": {**meeting.presences, event.peer_id: merged}})
    if event.session_id is None or event.session_id in meeting.sessions:
        return meeting
    # Someone in a session is proof of the session, even when the news of its start is late or lost.
    return _with_session(meeting, event.session_id, Session(id=event.session_id))


def _presence(event: e.ParticipantJoined | e.ParticipantLeft) -> Presence:
    left = isinstance(event, e.ParticipantLeft)
    return Presence(
        peer_id=PeerId(event.peer_id),
        session_id=event.session_id,
        person=event.person,
        name=event.name,
        joined_at=event.joined_at if isinstance(event, e.ParticipantLeft) else event.at,
        left=left,
        left_at=event.at if left else None,
    )


def _merged(known: Presence, told: Presence) -> Presence:
    return Presence(
        peer_id=known.peer_id,
        session_id=either(known.session_id, told.session_id),
        person=either(known.person, told.person),
        name=either(known.name, told.name),
        joined_at=earliest(known.joined_at, told.joined_at),
        left=known.left or told.left,
        left_at=earliest(known.left_at, told.left_at),
    )


def _with_recording(meeting: Meeting, event: e.AboutRecording) -> Meeting:
    known = meeting.recording(event.recording_id)
    match event:
        case e.RecordingUpdated():
            recording = known.merged(event)
        case e.RecordingActed():
            recording = known.acted(event)
        case e.RecordingPlanned():
            recording = known.planned(event)
        case e.RecordingWatched():
            recording = known.watched(event)
        case e.RecordingHidden():
            recording = known.hid(event)
        case e.OffTheRecord():
            recording = known.went_off(event)
        case e.RecordingMarked():
            recording = known.marked(event)
        case e.RecordingContinued(_, part_of):
            recording = known.continues(part_of)
    return meeting.model_copy(update={"recordings": {**meeting.recordings, recording.id: recording}})


def _with_livestream(meeting: Meeting, event: AboutLivestream) -> Meeting:
    if isinstance(event, LivestreamUpdated) and event.status == IDLE:
        return meeting  # said of what has not begun and of what is over alike, so not even that there is one
    known = meeting.livestreams.get(event.livestream_id, Livestream(id=event.livestream_id))
    after = known.merged(event) if isinstance(event, LivestreamUpdated) else known.acted(event)
    return meeting.model_copy(update={"livestreams": {**meeting.livestreams, after.id: after}})

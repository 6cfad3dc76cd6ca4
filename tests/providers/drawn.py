"""Every call of the protocol with any arguments that the bot can have for it."""

from collections.abc import Mapping

from hypothesis import strategies as st

from bot.domain.ids import ParticipantId, RecordingId, RoomId, SessionId, UserId
from bot.domain.options import RecordingOptions, mistakes
from bot.exchanged import Webhook
from bot.providers import USED_EVENTS
from bot.storage_profiles import Aws, Azure, DigitalOcean, Gcs, Sftp, StorageProfile
from tests.providers.calls import CALLS, TEN, Ask
from tests.support.stories import choices

ids = st.uuids().map(str)
rooms, places, sessions, recordings = ids.map(RoomId), ids.map(ParticipantId), ids.map(SessionId), ids.map(RecordingId)
users = st.from_regex(r"[UW][A-Z0-9]{2,12}", fullmatch=True).map(UserId)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
some = words.filter(str.strip)
secrets = some.map(lambda word: word)
addresses = st.sampled_from(["https://bot.example/webhooks/dyte", "http://127.0.0.1:3000/webhooks/realtimekit/secret"])
pictures = st.none() | st.sampled_from(["https://pictures.example/ana.png?size=192", "data:image/png,x", "", "ana.png"])
events = st.lists(st.sampled_from(USED_EVENTS), min_size=1, unique=True).map(tuple)
folders = st.none() | some

options = choices.filter(lambda chosen: not mistakes(chosen))
"""Everything that can be chosen and that the bot does not refuse itself."""

buckets = {"access_key": secrets, "secret": secrets, "bucket": some, "region": some, "path": folders}
by_key = {"auth_method": st.just("KEY"), "private_key": secrets, "password": st.none() | secrets}
by_password = {"auth_method": st.just("PASSWORD"), "password": secrets}
server = {"host": st.just("files.example.com"), "port": st.integers(1, 65535), "username": some, "path": folders}
storages: st.SearchStrategy[StorageProfile] = st.one_of(
    st.builds(Aws, type=st.just("aws"), **buckets),
    st.builds(DigitalOcean, type=st.just("digitalocean"), **buckets),
    st.builds(Gcs, type=st.just("gcs"), secret=secrets, bucket=some, region=st.none() | some, path=folders),
    st.builds(Azure, type=st.just("azure"), access_key=secrets, bucket=some, path=folders),
    st.builds(Sftp, type=st.just("sftp"), **server, **by_key),
    st.builds(Sftp, type=st.just("sftp"), **server, **by_password),
)
kept = st.none() | storages


def starting(room: RoomId, chosen: RecordingOptions | None, storage: StorageProfile | None) -> Ask:
    return lambda kit: kit.start_recording(room, chosen, storage)


DRAWN: Mapping[str, st.SearchStrategy[Ask]] = {
    "create_meeting": st.builds(
        lambda title, record, region, chosen, storage: (
            lambda kit: kit.create_meeting(
                title, record_on_start=record, region=region, options=chosen, storage=storage
            )
        ),
        words,
        st.booleans(),
        st.none() | st.sampled_from(["ap-south-1", "ap-southeast-1", "us-east-1", "eu-central-1"]),
        st.none() | options,
        kept,
    ),
    "update_meeting": st.builds(
        lambda room, title, active: lambda kit: kit.update_meeting(room, title=title, active=active),
        rooms,
        words,
        st.none() | st.booleans(),
    ),
    "add_participant": st.builds(
        lambda room, person, name, picture, preset: (
            lambda kit: kit.add_participant(room, person=person, name=name, picture=picture, preset=preset)
        ),
        rooms,
        users,
        words,
        pictures,
        some,
    ),
    "find_participant": st.builds(lambda room, who: lambda kit: kit.find_participant(room, who), rooms, users),
    "refresh_token": st.builds(lambda room, place: lambda kit: kit.refresh_token(room, place), rooms, places),
    "remove_participant": st.builds(lambda room, place: lambda kit: kit.remove_participant(room, place), rooms, places),
    "start_recording": st.builds(starting, rooms, st.none() | options, kept),
    "pause_recording": recordings.map(lambda own: lambda kit: kit.pause_recording(own)),
    "resume_recording": recordings.map(lambda own: lambda kit: kit.resume_recording(own)),
    "stop_recording": recordings.map(lambda own: lambda kit: kit.stop_recording(own)),
    "get_recording": recordings.map(lambda own: lambda kit: kit.get_recording(own)),
    "recording_links": recordings.map(lambda own: lambda kit: kit.recording_links(own)),
    "get_meeting": rooms.map(lambda room: lambda kit: kit.get_meeting(room)),
    "list_recordings": rooms.map(lambda room: lambda kit: kit.list_recordings(room)),
    "active_recording": rooms.map(lambda room: lambda kit: kit.active_recording(room)),
    "start_livestream": st.builds(lambda room, name: lambda kit: kit.start_livestream(room, name), rooms, words),
    "stop_livestream": rooms.map(lambda room: lambda kit: kit.stop_livestream(room)),
    "active_livestream": rooms.map(lambda room: lambda kit: kit.active_livestream(room)),
    "get_livestream": ids.map(lambda own: lambda kit: kit.get_livestream(own)),  # type: ignore[arg-type]
    "livestreams_since": rooms.map(lambda room: lambda kit: kit.livestreams_since(room, TEN)),
    "active_session": rooms.map(lambda room: lambda kit: kit.active_session(room)),
    "kick_all": rooms.map(lambda room: lambda kit: kit.kick_all(room)),
    "list_sessions": rooms.map(lambda room: lambda kit: kit.list_sessions(room)),
    "session_participants": sessions.map(lambda session: lambda kit: kit.session_participants(session)),
    "create_webhook": st.builds(
        lambda name, url, used: lambda kit: kit.create_webhook(name, url, used), some, addresses, events
    ),
    "update_webhook": st.builds(
        lambda own, name, url, used, on: lambda kit: kit.update_webhook(Webhook(own, name, url, used, enabled=on)),
        ids,
        some,
        addresses,
        events,
        st.booleans(),
    ),
    "delete_webhook": ids.map(lambda own: lambda kit: kit.delete_webhook(own)),
}

ASKS: Mapping[str, st.SearchStrategy[Ask]] = {
    name: DRAWN[name] if name in DRAWN else st.sampled_from(asks) for name, asks in CALLS.items()
}
"""All of them; a call that nothing is drawn for is made as in ``CALLS``."""

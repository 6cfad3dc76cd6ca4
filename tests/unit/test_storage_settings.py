"""Storage profiles in the settings: read from a file or a variable, checked all at once, never repeated."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.settings import Settings
from tests.unit.test_settings import ENOUGH, problems

SECRET = "wJalrXUtnFEMI-very-secret"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n"
CONNECTION = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={SECRET}"
CREDENTIALS = json.dumps({"type": "service_account", "client_email": "g@acme.example", "private_key": KEY})
BUCKET = {"access_key": "AKIA-one", "secret": SECRET, "bucket": "meetings", "region": "eu-central-1"}
SERVER = {"type": "sftp", "host": "files.example.com", "username": "greenroom"}

GOOD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aws": ({"type": "aws", **BUCKET}, {"type": "aws", **BUCKET}),
    "digitalocean": (
        {"type": "digitalocean", **BUCKET, "path": "calls/2026"},
        {"type": "digitalocean", **BUCKET, "path": "calls/2026"},
    ),
    "gcs": (
        {"type": "gcs", "secret": CREDENTIALS, "bucket": "meetings"},
        {"type": "gcs", "secret": CREDENTIALS, "bucket": "meetings"},
    ),
    "azure": (
        {"type": "azure", "access_key": CONNECTION, "bucket": "meetings"},
        {"type": "azure", "access_key": CONNECTION, "bucket": "meetings", "secret": "", "region": ""},
    ),
    "sftp by password": (
        {**SERVER, "auth_method": "PASSWORD", "password": SECRET},
        {**SERVER, "auth_method": "PASSWORD", "password": SECRET, "port": 22},
    ),
    "sftp by key": (
        {**SERVER, "auth_method": "KEY", "private_key": KEY, "password": SECRET, "port": 2222, "path": "in"},
        {**SERVER, "auth_method": "KEY", "private_key": KEY, "password": SECRET, "port": 2222, "path": "in"},
    ),
}

BAD: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nothing": ({}, ("type must be one of aws, digitalocean, gcs, azure, sftp",)),
    "another kind": ({"type": "cloudflare"}, ("type must be one of aws, digitalocean, gcs, azure, sftp",)),
    "half an aws": (
        {"type": "aws", "bucket": "b", "secret_key": SECRET},
        (
            "access_key is missing",
            "secret is missing",
            "region is missing",
            "secret_key is not among what the video service takes for this type",
        ),
    ),
    "an empty secret": ({"type": "aws", **BUCKET, "secret": " "}, ("secret is empty",)),
    "a key that is not there": (
        {**SERVER, "auth_method": "KEY"},
        ("private_key is missing, which auth_method KEY needs",),
    ),
    "a password that is not there": (
        {**SERVER, "auth_method": "PASSWORD"},
        ("password is missing, which auth_method PASSWORD needs",),
    ),
    "a key too many": (
        {**SERVER, "auth_method": "PASSWORD", "password": SECRET, "private_key": KEY},
        ("private_key is for auth_method KEY",),
    ),
    "a server with more than its name": (
        {**SERVER, "host": "sftp://files.example.com", "auth_method": "PASSWORD", "password": SECRET},
        ("host must be a host's name or address alone, as in files.example.com",),
    ),
    "a port that is none": (
        {**SERVER, "port": 70_000, "auth_method": "PASSWORD", "password": SECRET},
        ("port should be less than or equal to 65535",),
    ),
}


def load(profiles: dict[str, Any], **environ: str) -> Settings:
    return Settings.load({**ENOUGH, "RECORDING_STORAGE_PROFILES": json.dumps(profiles), **environ})


@pytest.mark.parametrize(("given", "sent"), GOOD.values(), ids=GOOD)
def test_a_profile_is_sent_with_exactly_what_the_video_service_wants(
    given: dict[str, Any], sent: dict[str, Any]
) -> None:
    settings = load({"archive": given})

    assert settings.recording_storage_profiles["archive"].as_sent() == sent
    assert SECRET not in repr(settings) + repr(settings.recording_storage_profiles)


@pytest.mark.parametrize(("given", "said"), BAD.values(), ids=BAD)
def test_every_mistake_in_a_profile_is_said_and_no_value_repeated(given: dict[str, Any], said: tuple[str, ...]) -> None:
    found = problems(**ENOUGH, RECORDING_STORAGE_PROFILES=json.dumps({"archive": given}))

    assert found == tuple(f"The storage profile “archive”: {sentence}" for sentence in said)
    assert SECRET not in str(found)


def test_mistakes_of_several_profiles_are_told_with_all_others() -> None:
    profiles = {"one": {"type": "aws"}, "two": {"type": "ftp"}}

    found = problems(**ENOUGH, RECORDING_STORAGE_PROFILES=json.dumps(profiles), RECORDING_BUCKET="perhaps", PORT="x")

    assert sum("“one”" in sentence for sentence in found) == 4
    assert sum("“two”" in sentence for sentence in found) == 1
    assert "RECORDING_BUCKET must be on or off" in found
    assert any(sentence.startswith("PORT") for sentence in found)


# ---------------------------------------------------------------- where they are read from

TOML = """
[profiles.archive]
type = "aws"
access_key = { env = "ARCHIVE_KEY" }
secret = { env = "archive_secret" }
bucket = "meetings"
region = "eu-central-1"
"""


def test_a_file_names_the_profiles_and_says_where_their_secrets_are(tmp_path: Path) -> None:
    (tmp_path / "storage.toml").write_text(TOML)
    (tmp_path / "key").write_text(KEY)
    legal = {**SERVER, "auth_method": "KEY", "private_key": {"file": str(tmp_path / "key")}}

    settings = load(
        {"profiles": {"legal": legal}},
        RECORDING_STORAGE_FILE=str(tmp_path / "storage.toml"),
        RECORDING_STORAGE="archive",
        RECORDING_BUCKET="Off",
        ARCHIVE_KEY="AKIA-one",
        ARCHIVE_SECRET=SECRET,
    )

    profiles = settings.recording_storage_profiles
    assert profiles["archive"].as_sent() == {"type": "aws", **BUCKET}
    assert profiles["legal"].as_sent()["private_key"] == KEY
    assert (settings.recording_storage, settings.recording_bucket) == ("archive", False)
    assert {"AKIA-one", SECRET, KEY} <= set(settings.secrets())


def test_the_variable_may_hold_toml_too() -> None:
    settings = Settings.load(
        {**ENOUGH, "RECORDING_STORAGE_PROFILES": TOML, "ARCHIVE_KEY": "k", "ARCHIVE_SECRET": SECRET}
    )

    assert list(settings.recording_storage_profiles) == ["archive"]


def test_secrets_may_stand_in_the_file_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    (tmp_path / "storage.toml").write_text(TOML)
    given = {**ENOUGH, "RECORDING_STORAGE_FILE": "storage.toml", "ARCHIVE_KEY": "from-file", "ARCHIVE_SECRET": "x-file"}
    (tmp_path / ".env").write_text("\n".join(f"{name}={value}" for name, value in given.items()))
    monkeypatch.setenv("ARCHIVE_SECRET", SECRET)

    profile = Settings.load().recording_storage_profiles["archive"].as_sent()

    assert (profile["access_key"], profile["secret"]) == ("from-file", SECRET)


UNREADABLE: dict[str, tuple[str, str]] = {
    "json": ('{"archive": ', "RECORDING_STORAGE_PROFILES begins like JSON and is none"),
    "toml": ("[profiles.a]\ntype = aws", "RECORDING_STORAGE_PROFILES is no TOML (at line 2, column 8)"),
    "a list": ('{"profiles": []}', "RECORDING_STORAGE_PROFILES must hold tables [profiles.NAME], and nothing else"),
    "a word": ('archive = "aws"', "RECORDING_STORAGE_PROFILES must hold tables [profiles.NAME], and nothing else"),
    "more": (
        '{"profiles": {}, "default": {}}',
        "RECORDING_STORAGE_PROFILES must hold tables [profiles.NAME], and nothing else",
    ),
    "a name": (
        '{"My archive": {}}',
        "RECORDING_STORAGE_PROFILES has a profile whose name is not small letters, digits, - and _; or is none",
    ),
    "a variable": (
        TOML.replace("ARCHIVE_KEY", "GONE"),
        "The storage profile “archive”: access_key is to come from the environment variable GONE, which is not set",
    ),
    "a reference": (
        '{"a": {"type": "gcs", "bucket": "b", "secret": {"vault": "x"}}}',
        'The storage profile “a”: secret must be a value, { env = "NAME" } or { file = "PATH" }',
    ),
    "a secret's file": (
        '{"a": {"type": "gcs", "bucket": "b", "secret": {"file": "/nowhere/at/all"}}}',
        "The storage profile “a”: secret is to come from a file that cannot be read (FileNotFoundError)",
    ),
}


@pytest.mark.parametrize(("text", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    found = problems(**ENOUGH, RECORDING_STORAGE_PROFILES=text, ARCHIVE_SECRET=SECRET)

    assert found == (said,)


def test_a_file_that_is_not_there_and_a_name_given_twice_are_said(tmp_path: Path) -> None:
    assert problems(**ENOUGH, RECORDING_STORAGE_FILE=str(tmp_path)) == (
        "RECORDING_STORAGE_FILE names a file that cannot be read (IsADirectoryError)",
    )
    (tmp_path / "storage.toml").write_text('[profiles.archive]\ntype = "gcs"\nsecret = "s"\nbucket = "b"\n')
    again = json.dumps({"archive": {"type": "aws", **BUCKET}})

    assert problems(
        **ENOUGH, RECORDING_STORAGE_FILE=str(tmp_path / "storage.toml"), RECORDING_STORAGE_PROFILES=again
    ) == ("RECORDING_STORAGE_PROFILES has a second profile “archive”",)


# ---------------------------------------------------------------- what is chosen


def test_a_chosen_profile_must_be_there() -> None:
    assert problems(**ENOUGH, RECORDING_STORAGE="archive") == (
        "RECORDING_STORAGE names a storage profile that is not there; there is none: set RECORDING_STORAGE_FILE",
    )
    with pytest.raises(SettingsError) as caught:
        load({"legal": {"type": "aws", **BUCKET}}, RECORDING_STORAGE="archive")
    assert caught.value.problems == ("RECORDING_STORAGE names a storage profile that is not there; there are: legal",)


def test_where_nobody_would_keep_any_recording_the_start_is_refused() -> None:
    assert problems(**ENOUGH, RECORDING_BUCKET="off") == (
        "RECORDING_BUCKET is off and there is no storage profile, so every recording would be lost",
    )
    assert Settings.load({**ENOUGH, "RECORDING_BUCKET": "on"}).recording_bucket is True
    assert Settings.load(ENOUGH).recording_bucket is None


@pytest.mark.parametrize("kind", ["sftp by key", "gcs"])
def test_each_line_of_a_key_is_a_secret_of_its_own(kind: str) -> None:
    """A service may say it again without its first and last line, or with other line ends."""
    line = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"
    key = f"-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n"
    own = {"private_key": key} if kind.startswith("sftp") else {"secret": json.dumps({"private_key": key})}
    profiles = json.dumps({"archive": GOOD[kind][0] | own})

    settings = Settings.load(ENOUGH | {"RECORDING_STORAGE_PROFILES": profiles})

    assert line in settings.secrets()

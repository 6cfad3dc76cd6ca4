"""Settings: everything wrong is said at once, kindly, and without repeating a secret."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import Settings

SLACK = {"SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5", "SLACK_BOT_TOKEN": "xoxb-1-one"}
REALTIMEKIT = {
    "REALTIMEKIT_ACCOUNT_ID": "acc",
    "REALTIMEKIT_APP_ID": "app",
    "REALTIMEKIT_API_TOKEN": "cloudflare-token-1",
}
DYTE = {"DYTE_ORG_ID": "org", "DYTE_API_KEY": "dyte-key-1"}
ENOUGH = {**SLACK, **REALTIMEKIT}


def problems(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ)
    return caught.value.problems


def test_four_values_are_enough_and_the_rest_has_the_documented_defaults() -> None:
    settings = Settings.load(ENOUGH)

    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.slack_meet_command, settings.slack_record_command) == ("/meet", "/record")
    assert settings.realtimekit_api_url == "https://api.cloudflare.com/client/v4"
    assert settings.realtimekit_webhook_key_url == "https://api.realtime.cloudflare.com/.well-known/webhooks.json"
    assert settings.dyte_api_url == "https://api.dyte.io/v2"
    assert settings.dyte_webhook_key_url == "https://api.dyte.io/.well-known/webhooks.json"
    assert (settings.host_preset, settings.guest_preset) == ("group_call_host", "group_call_participant")
    assert (settings.host, settings.port, settings.poll_seconds) == ("127.0.0.1", 3000, 20.0)
    assert (settings.log_level, settings.log_format) == ("info", None)
    assert settings.redis_url is settings.public_url is settings.join_url_template is settings.slack_app_token is None
    assert settings.webhook_path_secret is settings.realtimekit_webhook_key is settings.dyte_webhook_key is None


def test_an_empty_environment_is_told_everything_that_it_lacks() -> None:
    found = problems()

    assert len(found) == 3
    assert found[0] == (
        "SLACK_SIGNING_SECRET is missing: api.slack.com/apps, your app, Basic Information, Signing Secret"
    )
    assert found[1].startswith("SLACK_BOT_TOKEN is missing: api.slack.com/apps, your app, OAuth & Permissions")
    assert found[2] == (
        "No video provider is configured: "
        "set REALTIMEKIT_ACCOUNT_ID, REALTIMEKIT_APP_ID, REALTIMEKIT_API_TOKEN (dash.cloudflare.com); "
        "or DYTE_ORG_ID, DYTE_API_KEY (dev.dyte.io)"
    )


def test_mistakes_of_every_kind_are_reported_together() -> None:
    found = problems(
        SLACK_SIGNING_SECRET="s",
        DYTE_ORG_ID="org",
        DYTE_API_URL="https://api.dyte.io/v1",
        PORT="99999",
        POLL_SECONDS="soon",
        LOG_LEVEL="loud",
        PUBLIC_URL="greenroom.example.com",
        REDIS_URL="memory://",
        SLACK_MEET_COMMAND="meet",
        JOIN_URL_TEMPLATE="https://example.com/{room}",
    )

    assert [sentence.split()[0] for sentence in found] == [
        "SLACK_BOT_TOKEN",
        "SLACK_MEET_COMMAND",
        "DYTE_API_URL",
        "JOIN_URL_TEMPLATE",
        "REDIS_URL",
        "PUBLIC_URL",
        "POLL_SECONDS",
        "PORT",
        "LOG_LEVEL",
        "DYTE_API_KEY",
    ]


def test_a_partial_provider_is_told_what_it_lacks() -> None:
    found = problems(**SLACK, REALTIMEKIT_APP_ID="app")

    assert [sentence.split(":")[0] for sentence in found] == [
        "REALTIMEKIT_ACCOUNT_ID is missing",
        "REALTIMEKIT_API_TOKEN is missing",
    ]
    assert all("dash.cloudflare.com" in sentence for sentence in found)


def test_a_half_configured_second_provider_is_a_mistake_too() -> None:
    assert [sentence.split()[0] for sentence in problems(**ENOUGH, DYTE_ORG_ID="org")] == ["DYTE_API_KEY"]


@pytest.mark.parametrize(
    ("environ", "provider"),
    [
        (REALTIMEKIT, "realtimekit"),
        (DYTE, "dyte"),
        ({**REALTIMEKIT, **DYTE}, "realtimekit"),
        ({**REALTIMEKIT, **DYTE, "PROVIDER": "Dyte"}, "dyte"),
    ],
)
def test_the_provider_is_the_configured_one_and_realtimekit_when_both_are(
    environ: dict[str, str], provider: str
) -> None:
    assert Settings.load({**SLACK, **environ}).provider == provider


def test_a_chosen_provider_must_be_configured() -> None:
    assert [sentence.split()[0] for sentence in problems(**ENOUGH, PROVIDER="dyte")] == ["DYTE_ORG_ID", "DYTE_API_KEY"]


def test_an_unknown_provider_is_told_which_there_are() -> None:
    assert problems(**ENOUGH, PROVIDER="zoom") == ("PROVIDER should be 'realtimekit' or 'dyte'",)


def test_dyte_v1_is_refused_with_the_reason() -> None:
    (sentence,) = problems(**SLACK, **DYTE, DYTE_API_URL="https://api.dyte.io/v1/")

    assert "v1 and v2 are separate worlds" in sentence
    assert "https://api.dyte.io/v2" in sentence


def test_empty_and_blank_values_count_as_unset() -> None:
    settings = Settings.load({**ENOUGH, "PORT": "", "PROVIDER": "  ", "PUBLIC_URL": "", "SLACK_APP_TOKEN": ""})

    assert (settings.port, settings.provider, settings.public_url) == (3000, "realtimekit", None)
    assert settings.slack_app_token is None


def test_blanks_pasted_around_a_value_do_not_matter() -> None:
    settings = Settings.load({**ENOUGH, "SLACK_BOT_TOKEN": " xoxb-1-one\n"})

    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-one"


def test_addresses_lose_the_slash_at_their_end_and_slacks_keeps_it() -> None:
    settings = Settings.load(
        {**ENOUGH, "PUBLIC_URL": "https://greenroom.example.com/", "SLACK_API_URL": "http://127.0.0.1:3000/slack/api"}
    )

    assert settings.public_url == "https://greenroom.example.com"
    assert settings.slack_api_url == "http://127.0.0.1:3000/slack/api/"


@pytest.mark.parametrize(
    "address",
    [
        "greenroom.example.com",
        "ftp://example.com",
        "https://",
        "https://exa mple.com",
        "https://example.com:none",
        "https://[",
        "https://example.com/?a=1",
        "https://me:secret@example.com",
    ],
)
def test_a_web_address_must_be_one(address: str) -> None:
    (sentence,) = problems(**ENOUGH, PUBLIC_URL=address)

    assert sentence.startswith("PUBLIC_URL must be a")


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("https://example.com/{meeting_id}", "must hold {token}"),
        ("https://example.com/{token}/{name}", "no other {…}"),
        ("https://example.com/{token}/{}", "no other {…}"),
        ("https://example.com/{token", "has a { or }"),
        ("javascript:{token}", "must be a web address"),
    ],
)
def test_a_join_template_needs_a_token_and_takes_nothing_unknown(template: str, complaint: str) -> None:
    (sentence,) = problems(**ENOUGH, JOIN_URL_TEMPLATE=template)

    assert complaint in sentence


def test_a_join_template_with_both_names_is_taken() -> None:
    template = "https://meet.example.com/{meeting_id}?authToken={token}"

    assert Settings.load({**ENOUGH, "JOIN_URL_TEMPLATE": template}).join_url_template == template


@pytest.mark.parametrize(
    "address",
    [
        "redis://localhost",
        "redis://:secret@localhost:6379/0",
        "rediss://user:secret@redis.example.com:6380/1?ssl_cert_reqs=none",
        "unix:///run/redis/redis.sock?db=0",
        "unix://user@/run/redis/redis.sock",
        "redis+sentinel://one:26379,[::1]:26379/mymaster/0",
        "rediss+sentinel://:secret@one/mymaster",
        "redis+cluster://node:7000",
        "rediss+cluster://node:7000",
    ],
)
def test_every_redis_address_that_pydocket_takes_is_taken(address: str) -> None:
    assert Settings.load({**ENOUGH, "REDIS_URL": address}).redis_url == address


@pytest.mark.parametrize(
    "address",
    [
        "localhost:6379",
        "memory://",
        "http://localhost",
        "redis://",
        "redis:///0",
        "redis://:6379",
        "redis://localhost:many",
        "unix://run/redis.sock",
        "redis+sentinel://one:26379",
    ],
)
def test_other_redis_addresses_are_refused(address: str) -> None:
    (sentence,) = problems(**ENOUGH, REDIS_URL=address)

    assert sentence.startswith("REDIS_URL ")


@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf", "soon"])
def test_polling_takes_a_time_that_passes(number: str) -> None:
    (sentence,) = problems(**ENOUGH, POLL_SECONDS=number)

    assert sentence.startswith("POLL_SECONDS ")


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_is_a_number_in_its_range(port: str) -> None:
    (sentence,) = problems(**ENOUGH, PORT=port)

    assert sentence.startswith("PORT should be")


@pytest.mark.parametrize("name", ["meet", "/", "/two words", "/" + "m" * 32])
def test_a_command_is_named_as_slack_demands(name: str) -> None:
    (sentence,) = problems(**ENOUGH, SLACK_MEET_COMMAND=name)

    assert sentence.startswith("SLACK_MEET_COMMAND must begin with /")


def test_the_two_commands_must_differ() -> None:
    assert problems(**ENOUGH, SLACK_MEET_COMMAND="/record") == (
        "SLACK_MEET_COMMAND and SLACK_RECORD_COMMAND are the same, they need two names",
    )


def test_log_choices_are_taken_in_any_case() -> None:
    settings = Settings.load({**ENOUGH, "LOG_LEVEL": "DEBUG", "LOG_FORMAT": "JSON"})

    assert (settings.log_level, settings.log_format) == ("debug", "json")


def test_a_webhook_key_may_stand_on_one_line() -> None:
    settings = Settings.load(
        {**ENOUGH, "REALTIMEKIT_WEBHOOK_KEY": r"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}
    )

    assert settings.realtimekit_webhook_key == "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
    assert problems(**ENOUGH, DYTE_WEBHOOK_KEY="AAAA")[0].startswith("DYTE_WEBHOOK_KEY must be a PEM")


def test_the_secret_part_of_a_path_must_fit_in_a_path() -> None:
    assert Settings.load({**ENOUGH, "WEBHOOK_PATH_SECRET": "n0t-guess_able"}).webhook_path_secret
    (sentence,) = problems(**ENOUGH, WEBHOOK_PATH_SECRET="a/b c")

    assert sentence.startswith("WEBHOOK_PATH_SECRET becomes a part of a web address")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-A", "SLACK_BOT_TOKEN holds an app-level token, which belongs in SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xoxb-1-A", "SLACK_APP_TOKEN holds a bot token, which belongs in SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECRET", "xoxb-1", "SLACK_SIGNING_SECRET holds a bot token, which belongs in SLACK_BOT_TOKEN"),
    ],
)
def test_a_token_in_the_wrong_place_is_told_where_it_belongs(name: str, value: str, sentence: str) -> None:
    assert problems(**{**ENOUGH, name: value}) == (sentence,)


def test_another_slack_may_call_its_tokens_what_it_likes() -> None:
    environ = {**ENOUGH, "SLACK_BOT_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:3000/slack/api/"}

    assert Settings.load(environ).slack_bot_token.get_secret_value() == "xapp-1"


def test_no_complaint_and_no_representation_holds_a_secret() -> None:
    secret = "dont-tell-anyone"
    swapped = SettingsError(problems(SLACK_BOT_TOKEN=f"xapp-{secret}", WEBHOOK_PATH_SECRET=f"{secret}/"))
    good = Settings.load({**ENOUGH, "SLACK_BOT_TOKEN": secret, "REDIS_URL": f"redis://:{secret}@localhost"})

    assert secret not in str(swapped)
    assert secret not in repr(good)


def test_everything_that_must_not_be_logged_is_named() -> None:
    settings = Settings.load(
        {
            **ENOUGH,
            **DYTE,
            "WEBHOOK_PATH_SECRET": "hidden",
            "REDIS_URL": "redis+sentinel://me:p%40ss@[::1]:1,two:2/main/0?sentinel_password=other",
        }
    )

    assert set(settings.secrets()) == {
        SLACK["SLACK_SIGNING_SECRET"],
        "xoxb-1-one",
        "cloudflare-token-1",
        "dyte-key-1",
        "hidden",
        "p@ss",
        "other",
    }


def test_the_environment_stands_above_the_file_and_an_empty_variable_does_not_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [f"{name}={value}" for name, value in {**ENOUGH, "PORT": "4000", "HOST": "0.0.0.0"}.items()]  # noqa: S104
    (tmp_path / ".env").write_text("\n".join([*lines, "UNKNOWN_NAME=1"]))
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("HOST", "")

    settings = Settings.load()

    assert (settings.port, settings.host) == (5000, "0.0.0.0")  # noqa: S104


def test_an_unreadable_file_is_said_to_be_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe")

    with pytest.raises(SettingsError) as caught:
        Settings.load()

    assert caught.value.problems == ("The file .env cannot be read: UnicodeDecodeError",)


def test_settings_built_by_hand_do_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")

    settings = Settings(
        slack_signing_secret=SecretStr("s"),
        slack_bot_token=SecretStr("t"),
        dyte_org_id="org",
        dyte_api_key=SecretStr("k"),
        provider="dyte",
    )

    assert settings.port == 3000


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_line_for_the_readme(name: str) -> None:
    line = Settings.model_fields[name].description

    assert line
    assert "\n" not in line
    assert not line.endswith(".")


@pytest.mark.parametrize("half", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"])
def test_half_a_pair_for_signing_in_is_no_use(half: str) -> None:
    other = {"SLACK_CLIENT_ID": "SLACK_CLIENT_SECRET", "SLACK_CLIENT_SECRET": "SLACK_CLIENT_ID"}[half]

    [problem] = problems(**(ENOUGH | {half: "something"}))

    assert problem.startswith(f"{other} is missing: api.slack.com/apps, your app, Basic Information, Client ")


@pytest.mark.parametrize("name", ["GUESTS_MAY", "OUTSIDERS_MAY"])
def test_watching_and_listening_alone_needs_a_preset_in_which_nobody_speaks(name: str) -> None:
    [problem] = problems(**(ENOUGH | {name: "View"}))

    assert problem == f"{name}=view needs VIEWER_PRESET, a preset in which people watch and listen alone"

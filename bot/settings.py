"""The settings: read once from the environment and ``.env``, every mistake reported at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, unquote

from platformdirs import user_data_dir
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import settings_checks as checks
from bot.domain.rules import Circle, Limit, Rules
from bot.errors import SettingsError
from bot.storage_profiles import StorageProfile
from bot.storage_reading import FROM_TEXT, gather

ProviderName = Literal["realtimekit", "dyte"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]

_Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
_Address = Annotated[str, AfterValidator(checks.web_address)]
_DyteAddress = Annotated[_Address, AfterValidator(checks.not_dyte_v1)]
_SlackAddress = Annotated[str, AfterValidator(checks.slack_address)]
_RedisAddress = Annotated[str, AfterValidator(checks.redis_address)]
_JoinTemplate = Annotated[str, AfterValidator(checks.join_template)]
_Command = Annotated[str, AfterValidator(checks.command)]
_PublicKey = Annotated[str, AfterValidator(checks.public_key)]
_PathSecret = Annotated[SecretStr, AfterValidator(checks.path_secret)]
_OnOff = Annotated[bool, BeforeValidator(checks.on_or_off)]
_Circle = Annotated[Circle, _Lower]
_Limit = Annotated[Limit, _Lower]
_Seconds = Annotated[float, AfterValidator(checks.seconds)]


class Settings(BaseSettings):
    """Everything a deployment can choose; each field is the environment variable of the same name in capitals.

    Only ``load`` looks at the environment. Building it by hand takes what it is given and nothing else.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_signing_secret: SecretStr = Field(description="Proves that a request comes from Slack")
    slack_bot_token: SecretStr = Field(description="The bot's token, `xoxb-…`")
    slack_app_token: SecretStr | None = Field(None, description="App-level token, `xapp-…`; turns on Socket Mode")
    slack_api_url: _SlackAddress = Field("https://slack.com/api/", description="Where Slack's Web API is")
    slack_client_id: str | None = Field(
        None, description="The app's client id; lets people join and watch at one click"
    )
    slack_client_secret: SecretStr | None = Field(None, description="The app's client secret, for the same")
    slack_signin_url: _Address = Field(
        "https://slack.com", description="Where people sign in with Slack, and who issues the proof of it"
    )
    slack_meet_command: _Command = Field("/meet", description="The slash command for meetings")
    slack_record_command: _Command = Field("/record", description="The slash command for recordings")

    realtimekit_account_id: str | None = Field(None, description="Cloudflare account that holds the RealtimeKit app")
    realtimekit_app_id: str | None = Field(None, description="The RealtimeKit app")
    realtimekit_api_token: SecretStr | None = Field(None, description="Cloudflare API token that may use RealtimeKit")
    realtimekit_api_url: _Address = Field(
        "https://api.cloudflare.com/client/v4", description="Where Cloudflare's API is"
    )
    realtimekit_webhook_key_url: _Address = Field(
        "https://api.realtime.cloudflare.com/.well-known/webhooks.json",
        description="Where RealtimeKit publishes the key that signs its webhooks",
    )
    realtimekit_webhook_key: _PublicKey | None = Field(None, description="That key as a PEM, instead of fetching it")

    dyte_org_id: str | None = Field(None, description="Dyte organization")
    dyte_api_key: SecretStr | None = Field(None, description="Dyte v2 API key")
    dyte_api_url: _DyteAddress = Field("https://api.dyte.io/v2", description="Where Dyte's v2 API is")
    dyte_webhook_key_url: _Address = Field(
        "https://api.dyte.io/.well-known/webhooks.json",
        description="Where Dyte publishes the key that signs its webhooks",
    )
    dyte_webhook_key: _PublicKey | None = Field(None, description="That key as a PEM, instead of fetching it")

    provider: Annotated[ProviderName, _Lower] = Field(
        description="Which provider makes new meetings: the one that is configured, `realtimekit` when both are"
    )
    host_preset: str = Field("group_call_host", description="Provider preset of whoever started the meeting")
    guest_preset: str = Field("group_call_participant", description="Provider preset of everyone else")
    viewer_preset: str | None = Field(
        None, description="Provider preset of those who are to watch and listen alone (`GUESTS_MAY=view`)"
    )
    who_may_start: _Circle = Field(Circle.MEMBERS, description="Who may start meetings")
    who_may_join: _Circle = Field(Circle.EVERYONE, description="Who may join them")
    who_may_record: _Circle = Field(Circle.MEMBERS, description="Who may start, pause and stop recordings")
    who_may_watch: _Circle = Field(Circle.EVERYONE, description="Who may watch recordings")
    who_may_end: _Circle = Field(Circle.MEMBERS, description="Who may end a meeting for everyone")
    who_may_go_live: _Circle = Field(Circle.MEMBERS, description="Who may take a meeting live")
    who_may_invite_guests: _Circle = Field(Circle.MEMBERS, description="Who may make passes for guests without Slack")
    guests_may: _Limit = Field(
        Limit.EVERYONE, description="The most that guests of the workspace may do, of what everyone may"
    )
    outsiders_may: _Limit = Field(
        Limit.EVERYONE, description="The most that people of other organisations may do, of what everyone may"
    )
    restart_failed_recordings: bool = Field(
        default=False, description="Whether a recording that breaks off while people are in is gone on with as part 2"
    )
    guest_pass_hours: Annotated[int, Field(ge=1, le=168)] = Field(
        24, description="How long the pass of a guest without Slack works, at most until the meeting is ended"
    )
    call_card: _OnOff = Field(
        default=True,
        description="`on` or `off`: whether Slack's own call card stands in conversations where the bot cannot post",
    )
    join_url_template: _JoinTemplate | None = Field(
        None, description="A vendor-hosted page instead of the bot's own, with `{meeting_id}` and `{token}`"
    )
    sdk_dir: Path = Field(
        Path(user_data_dir("greenroom")) / "sdk",
        description="Where `greenroom sdk install` puts what the bot's own meeting page needs",
    )

    recording_storage_file: str | None = Field(
        None, description="A TOML file with a table `[profiles.NAME]` for each storage that recordings can go to"
    )
    recording_storage_profiles: Annotated[dict[str, StorageProfile], NoDecode] = Field(
        default_factory=dict, repr=False, description="The same as TOML or JSON text"
    )
    recording_storage: str | None = Field(None, description="The profile that recordings go to unless one is named")
    recording_bucket: _OnOff | None = Field(
        None, description="`on` or `off`: whether the provider keeps recordings; by default as set in its dashboard"
    )

    redis_url: _RedisAddress | None = Field(
        None, repr=False, description="The Redis that replicas share; without it the bot runs one of its own"
    )
    public_url: _Address | None = Field(None, description="Where people and the provider reach this bot")
    webhook_path_secret: _PathSecret | None = Field(
        None, description="Last part of the webhooks' address that nobody can guess"
    )
    poll_seconds: _Seconds = Field(20.0, description="How soon a live meeting or unfinished recording is asked again")
    host: str = Field("127.0.0.1", description="The network interface to listen on")
    port: int = Field(3000, ge=0, le=65535, description="The port to listen on; 0 takes any free one")
    log_level: Annotated[LogLevel, _Lower] = Field("info", description="`debug`, `info`, `warning` or `error`")
    log_format: Annotated[LogFormat, _Lower] | None = Field(
        None, description="`console` or `json`; by default `console` on a terminal, else `json`"
    )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings from the process's environment and ``.env``, or from ``environ`` alone.

        Raises:
            SettingsError: with a sentence for every mistake.

        """
        if environ is not None:
            return cls._of({name.lower(): value for name, value in environ.items()}, environ)
        return cls._of(*cls._around())

    @classmethod
    def sdk_directory(cls) -> Path:
        """Read this one setting alone, for a command that needs no other: where nothing is configured yet.

        Raises:
            SettingsError: the file .env cannot be read.

        """
        found = _tidy(cls._around()[0]).get("sdk_dir")
        return Path(found) if found else Path(cls.model_fields["sdk_dir"].default)

    @classmethod
    def _around(cls) -> tuple[dict[str, Any], dict[str, str]]:
        """Read the settings as they are written around here, and all the names beside them."""
        try:
            from_file = DotEnvSettingsSource(cls, env_file=".env", env_file_encoding="utf-8")
            written = from_file()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([f"The file .env cannot be read: {type(error).__name__}"]) from None
        # An empty variable is an unset one, so it must not hide what the file says.
        from_environment = {name: value for name, value in EnvSettingsSource(cls)().items() if value}
        known = {name: value for name, value in {**from_file.env_vars, **os.environ}.items() if value}
        return {**written, **from_environment}, known

    @classmethod
    def _of(cls, values: dict[str, Any], environ: Mapping[str, str]) -> Self:
        profiles, problems = gather(values, environ)
        try:
            built = cls(**(values | {FROM_TEXT: profiles}))
        except SettingsError as mistakes:
            raise SettingsError([*mistakes.problems, *problems]) from None
        if problems:
            raise SettingsError(problems)
        return built

    def rules(self) -> Rules:
        """Give what holds in every channel that has chosen nothing else."""
        return Rules(
            start=self.who_may_start,
            join=self.who_may_join,
            record=self.who_may_record,
            watch=self.who_may_watch,
            end=self.who_may_end,
            live=self.who_may_go_live,
            invite=self.who_may_invite_guests,
            guests=self.guests_may,
            outside=self.outsiders_may,
            restart_failed_recordings=self.restart_failed_recordings,
        )

    def secrets(self) -> tuple[str, ...]:
        """Give every value that no log line may hold."""
        values = (getattr(self, name) for name in type(self).model_fields)
        hidden = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        stored = [secret for profile in self.recording_storage_profiles.values() for secret in profile.secrets()]
        return (*hidden, *stored, *_passwords(self.redis_url or ""))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings passes all of these by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Keep the constructor away from the environment, which ``load`` reads once."""
        return (init_settings,)

    @model_validator(mode="wrap")
    @classmethod
    def _report_everything_at_once(cls, given: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        values = _tidy(given)
        problems = checks.fit_together(values)
        try:
            built = build({"provider": checks.default_provider(values), **values})
        except ValidationError as error:
            raise SettingsError([*checks.sentences(error), *problems]) from None
        if problems:
            raise SettingsError(problems)
        return built


def _tidy(given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty and the blanks that came along when a value was pasted."""
    stripped = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    return {name: value for name, value in stripped.items() if value not in ("", None)}


def _passwords(address: str) -> list[str]:
    """Find the passwords in a Redis address, before the hosts and among the options."""
    before, _, options = address.partition("?")
    credentials = before.partition("://")[2].partition("/")[0].rpartition("@")[0]
    named = [value for name, value in parse_qsl(options) if name.endswith("password")]
    return [word for word in (unquote(credentials.partition(":")[2]), *named) if word]

"""Where recordings go beside the video service's own bucket: exactly what the service wants of each kind of storage.

Source: both providers' OpenAPI documents, ``storage_config``, and their guides on publishing to one's own cloud.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

NAME = re.compile(r"(?!none$)[a-z0-9][a-z0-9_-]{0,30}")
"""What a profile can be called: people type it after ``--storage``, where ``none`` stands for no storage."""

_LINES = re.compile(r'\\n|"|\s')
"""What stands around the lines of a key: in a file of its own, and in the credentials of a service account."""
_OF_A_KEY = re.compile(r"[A-Za-z0-9+/=]{24,}")

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LABELS = {
    "aws": "S3",
    "digitalocean": "DigitalOcean Spaces",
    "gcs": "Google Cloud Storage",
    "azure": "Azure Storage",
    "sftp": "SFTP",
}
"""What people call each kind of storage."""


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def _secret(value: SecretStr) -> SecretStr:
    _filled(value.get_secret_value())
    return value


def _host(value: str) -> str:
    if not HOST.fullmatch(value):
        raise ValueError("must be a host's name or address alone, as in files.example.com")
    return value


Text = Annotated[str, AfterValidator(_filled)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]


class _Storage(BaseModel):
    """What every kind of storage has; ``path`` is the folder in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    always: ClassVar[dict[str, str]] = {}
    """Fields that the provider wants although there is nothing to say in them."""

    path: Text | None = None

    def as_sent(self) -> dict[str, Any]:
        """Give the provider's ``storage_config``, secrets and all: for a request, and for nothing else."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        plain = {name: _opened(value) for name, value in given.items() if value is not None}
        return {**self.always, **plain}

    def secrets(self) -> Iterator[str]:
        """Give every value that no log line may hold, and each line of a key: a service may say again only that."""
        for name in type(self).model_fields:
            if isinstance(value := getattr(self, name), SecretStr):
                yield value.get_secret_value()
                yield from (line for line in _LINES.split(value.get_secret_value()) if _OF_A_KEY.fullmatch(line))


def _opened(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


class Aws(_Storage):
    """A bucket of Amazon S3."""

    type: Literal["aws"]
    access_key: Secret
    secret: Secret
    bucket: Text
    region: Text


class DigitalOcean(_Storage):
    """A DigitalOcean space."""

    type: Literal["digitalocean"]
    access_key: Secret
    secret: Secret
    bucket: Text
    region: Text


class Gcs(_Storage):
    """A bucket of Google Cloud Storage; ``secret`` is the service account's credentials."""

    type: Literal["gcs"]
    secret: Secret
    bucket: Text
    region: Text | None = None


class Azure(_Storage):
    """A container of Azure Storage; ``access_key`` is the account's connection string."""

    always: ClassVar[dict[str, str]] = {"secret": "", "region": ""}

    type: Literal["azure"]
    access_key: Secret
    bucket: Text

    def secrets(self) -> Iterator[str]:
        """Give the connection string, and each secret in it: a service may say again only that."""
        yield from super().secrets()
        for part in self.access_key.get_secret_value().split(";"):
            name, _, value = part.strip().partition("=")
            if name.lower() in ("accountkey", "sharedaccesssignature"):
                yield value


class Sftp(_Storage):
    """A folder on a server of one's own; with a key, ``password`` is the key's passphrase."""

    type: Literal["sftp"]
    host: Annotated[str, AfterValidator(_host)]
    port: int = Field(22, ge=1, le=65535)
    username: Text
    auth_method: Literal["KEY", "PASSWORD"]
    private_key: Secret | None = None
    password: Secret | None = None

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        if self.auth_method == "KEY" and self.private_key is None:
            raise ValueError("private_key is missing, which auth_method KEY needs")
        if self.auth_method == "PASSWORD" and self.password is None:
            raise ValueError("password is missing, which auth_method PASSWORD needs")
        if self.auth_method == "PASSWORD" and self.private_key is not None:
            raise ValueError("private_key is for auth_method KEY")
        return self


StorageProfile = Annotated[Aws | DigitalOcean | Gcs | Azure | Sftp, Field(discriminator="type")]
"""Any of them, told apart by ``type``."""


def label(kind: str) -> str:
    """Name a kind of storage as people do."""
    return LABELS.get(kind, kind)

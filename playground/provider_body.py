"""A request body as the providers check it: strict types, no unknown field, null only where it is allowed."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator


class Body(BaseModel):
    """A request body; ``nullable`` names the fields that may be null."""

    model_config = ConfigDict(extra="forbid", strict=True)
    nullable: ClassVar[frozenset[str]] = frozenset()

    def given(self) -> dict[str, Any]:
        """Give the fields that the caller sent, as plain JSON."""
        return self.model_dump(mode="json", exclude_unset=True)

    @model_validator(mode="before")
    @classmethod
    def _null_only_where_allowed(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            for name in data.keys() & cls.model_fields.keys():
                if data[name] is None and name not in cls.nullable:
                    raise ValueError(f'"{name}" must not be null')
        return data


class Nothing(Body):
    """The body of a call that takes none."""


def complaint(error: ValidationError) -> str:
    """Say what is wrong with a body, as the providers word it."""
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "missing":
            return f'BAD_REQUEST: "{name}" is required'
        case "extra_forbidden":
            return f'BAD_REQUEST: "{name}" is not allowed'
        case _:
            return f"BAD_REQUEST: {name and f'{chr(34)}{name}{chr(34)}: '}{first['msg']}"


def is_id(text: str) -> bool:
    """Tell whether this is a UUID, as every id but the tenant's is."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _checked_id(text: str) -> str:
    if not is_id(text):
        raise ValueError("must be a UUID")
    return text


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    if not (parts.scheme and parts.netloc):
        raise ValueError("must be a URL")
    return text


Id = Annotated[str, AfterValidator(_checked_id)]
Url = Annotated[str, AfterValidator(_checked_url)]
"""A URL, kept as it was written."""

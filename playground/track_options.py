"""How a recording of single voices can be asked for at either provider, from their OpenAPI documents."""

from typing import Literal, Self

from pydantic import Field, model_validator

from playground.provider_body import Body, Id
from playground.recording_options import Storage


class _KitLayer(Body):
    file_name_prefix: str | None = None
    media_kind: Literal["audio"] = "audio"


class _Output(Body):
    type: Literal["DYTE_BUCKET", "STORAGE_CONFIG"] = "DYTE_BUCKET"
    storage_config: Storage | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if self.type == "STORAGE_CONFIG" and self.storage_config is None:
            raise ValueError('"storage_config" is required for STORAGE_CONFIG')
        return self


class _DyteLayer(Body):
    file_name_prefix: str | None = None
    outputs: list[_Output] = Field(default_factory=list)


class KitTracks(Body):
    """Record single voices at RealtimeKit."""

    meeting_id: Id
    layers: dict[Literal["default"], _KitLayer] = Field(default_factory=dict)
    user_ids: list[str] = Field(default_factory=list, max_length=100)


class DyteTracks(Body):
    """Record single voices at Dyte, whose document does not insist on the meeting; nothing can be done without."""

    meeting_id: Id
    layers: dict[Literal["default"], _DyteLayer]
    max_seconds: str | None = None

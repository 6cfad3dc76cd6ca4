"""How a recording can be asked for at either provider, from their OpenAPI documents."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from playground.provider_body import Body, Id, Url

_Pixels = Annotated[int, Field(ge=1, le=1920)]
_Length = Annotated[int, Field(ge=60, le=86_400)]
_Prefix = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]


class _Size(Body):
    width: Annotated[int, Field(ge=1)] | None = None
    height: Annotated[int, Field(ge=1)] | None = None


class _Watermark(Body):
    url: Url | None = None
    size: _Size | None = None
    position: Literal["left top", "right top", "left bottom", "right bottom"] = "left top"


class _Video(Body):
    codec: Literal["H264", "VP8"] = "H264"
    width: _Pixels = 1280
    height: _Pixels = 720
    watermark: _Watermark | None = None
    export_file: bool = True


class _KitVideo(_Video):
    codec: Literal["H264", "VP8", "VP9"] = "H264"  # type: ignore[assignment]  # RealtimeKit's schema has one more


class _Audio(Body):
    codec: Literal["MP3", "AAC"] = "AAC"
    channel: Literal["mono", "stereo"] = "stereo"
    export_file: bool = True


class Storage(Body):
    """Where files go beside the provider's own bucket."""

    type: Literal["aws", "azure", "digitalocean", "gcs", "sftp"]
    access_key: str = ""
    secret: str = ""
    bucket: str = ""
    region: str = ""
    path: str = ""
    auth_method: Literal["KEY", "PASSWORD"] | None = None
    username: str = ""
    password: str = ""
    host: str = ""
    port: float = 22
    private_key: str = ""


class _KitStorage(Storage):
    """RealtimeKit says which keys go with which type; Dyte asks for the type alone."""

    @model_validator(mode="after")
    def _has_its_keys(self) -> Self:
        needed: dict[str, tuple[str, ...]] = {"gcs": (), "sftp": ("auth_method",)}
        fields = needed.get(self.type, ("access_key", "region"))
        if self.type == "sftp" and self.auth_method:
            fields = ("private_key",) if self.auth_method == "KEY" else ("password",)
        for name in fields:
            if name not in self.model_fields_set:
                raise ValueError(f'"{name}" is required for {self.type}')
        return self


class _Bucket(Body):
    enabled: bool


class _Stream(Body):
    rtmp_url: Url | None = None


class _Interactive(Body):
    type: Literal["ID3"] = "ID3"


class _Options(Body):
    nullable = frozenset({"storage_config"})

    max_seconds: _Length = 86_400
    file_name_prefix: _Prefix | None = None
    video_config: _Video | None = None
    audio_config: _Audio | None = None

    @model_validator(mode="after")
    def _leaves_the_sound_of_vp8_alone(self) -> Self:
        """Refuse what the guides say does not go together; the documents do not say it."""
        codec = self.video_config.codec if self.video_config else "H264"
        if codec == "VP8" and self.audio_config and self.audio_config.model_fields_set & {"codec", "channel"}:
            raise ValueError('"audio_config" must not be changed for the codec VP8')
        return self


class _DyteOptions(_Options):
    storage_config: Storage | None = None
    dyte_bucket_config: _Bucket | None = None


class _KitOptions(_Options):
    video_config: _KitVideo | None = None
    storage_config: _KitStorage | None = None
    realtimekit_bucket_config: _Bucket | None = None


class _Start(Body):
    meeting_id: Id
    rtmp_out_config: _Stream | None = None
    url: Url | None = None
    interactive_config: _Interactive | None = None
    allow_multiple_recordings: bool = False


class DyteStart(_Start, _DyteOptions):
    """Start a recording at Dyte."""


class KitStart(_Start, _KitOptions):
    """Start a recording at RealtimeKit."""


class Action(Body):
    """Pause, resume or stop a recording."""

    action: Literal["stop", "pause", "resume"]


class DyteRecordingConfig(_DyteOptions):
    """How the recordings of a Dyte meeting are made."""

    live_streaming_config: _Stream | None = None


class KitRecordingConfig(_KitOptions):
    """How the recordings of a RealtimeKit meeting are made."""

    live_streaming_config: _Stream | None = None

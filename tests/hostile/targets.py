"""Every check with the inputs that it is tried on."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.hostile import checks, inputs

TARGETS: dict[str, tuple[Callable[..., None], tuple[st.SearchStrategy[Any], ...]]] = {
    "webhook bodies": (checks.webhook_body, (inputs.webhook_bodies,)),
    "webhook signatures": (checks.webhook_signature, (st.binary(max_size=50), inputs.signature_headers)),
    "altered webhooks": (
        checks.webhook_damaged,
        (st.sampled_from(inputs.SAMPLES).map(str).map(str.encode), st.integers(0), st.integers(0)),
    ),
    "Slack signatures": (checks.slack_headers, (inputs.slack_headers, st.binary(max_size=50))),
    "Slack bodies": (checks.slack_body, (inputs.content_types, inputs.slack_bodies)),
    "command texts": (checks.command_text, (inputs.texts,)),
    "button values": (checks.button_value, (inputs.clicks,)),
    "join codes": (checks.join_code, (inputs.codes,)),
}

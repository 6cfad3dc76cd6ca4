"""What becomes of a typed line before Slack sends it."""

import pytest

from playground.slack_typing import escape_typed
from playground.workspace import sample_workspace


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Weekly sync", "Weekly sync"),
        ("Weekly @bo", "Weekly <@UBO|bo>"),
        ("@Bo, @cy. and @bo's", "<@UBO|bo>, <@UCY|cy>. and <@UBO|bo>'s"),
        ("@nobody a@bo.example", "@nobody a@bo.example"),
        ("@here", "<!here>"),
        ("in #general and #nowhere", "in <#CGENERAL|general> and #nowhere"),
        ("in #leads", "in <#CLEADS|>"),
        ("R&D <now>", "R&amp;D &lt;now&gt;"),
        ("see https://example.com/?a=1&b=2.", "see <https://example.com/?a=1&amp;b=2>."),
        ("<!channel>", "&lt;!channel&gt;"),
        ("--region eu-central-1", "--region eu-central-1"),
    ],
)
def test_typed_lines_are_escaped_the_way_slack_does(typed: str, sent: str) -> None:
    assert escape_typed(sample_workspace(), typed, "UANA") == sent


def test_a_private_channel_is_only_named_by_those_inside() -> None:
    assert escape_typed(sample_workspace(), "in #leads", "UCY") == "in #leads"

"""Slack's numbers, as its documentation, its SDK's validators and its type declarations stated them in November 2026.

Sources: docs.slack.dev (Block Kit reference, chat.postMessage, chat.update, rate limits, handling user interaction),
the models of slack_sdk 3.47.0, and the declarations of @slack/types 3.2.0. Lengths are in characters unless said.
"""

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 40_000  # longer text is cut off, not refused
UPDATE_TEXT = 4_000
MESSAGE_MARKDOWN = 12_000  # all markdown blocks of a message together

BLOCK_ID = 255
ACTION_ID = 255
URL = 3_000
ALT_TEXT = 2_000
PLACEHOLDER = 150

HEADER_TEXT = 150
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
SECTION_FIELD_TEXT = 2_000
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 3_000  # a text object's own limit
ACTIONS_ELEMENTS = 25
IMAGE_TITLE = 2_000
INPUT_LABEL = 2_000

INPUT_HINT = 2_000
INPUT_TEXT = 3_000

VIEW_BLOCKS = 100
VIEW_TITLE = 24  # of its buttons too
VIEW_PRIVATE = 3_000
VIEW_ID = 255  # callback_id and external_id
VIEW_BYTES = 250_000

BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
ACCESSIBILITY_LABEL = 75
OVERFLOW_OPTIONS = 5
SELECT_OPTIONS = 100
TICK_OPTIONS = 10  # of checkboxes and radio buttons
OPTION_TEXT = 75
OPTION_VALUE = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

ACK_SECONDS = 3.0
TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
SOCKETS = 10
GROUP_DM_PEOPLE = 8
EVENT_RETRY_SECONDS = (0.0, 60.0, 300.0)

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POSTS_PER_SECOND = 1.0  # in one channel

"""Every property of the pure core once more, with many more examples."""

import os
from types import ModuleType

import pytest
from hypothesis import settings

from tests.unit import test_apply, test_blocks, test_meeting, test_replies, test_text, test_thread, test_words

EXAMPLES = int(os.environ.get("SOAK_EXAMPLES", "500"))
MODULES: tuple[ModuleType, ...] = (
    test_apply,
    test_blocks,
    test_meeting,
    test_replies,
    test_text,
    test_thread,
    test_words,
)
PROMISES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": promise
    for module in MODULES
    for name, promise in vars(module).items()
    if getattr(promise, "is_hypothesis_test", False)
}


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PROMISES)
def test_a_promise_holds_for_long(name: str) -> None:
    settings(max_examples=EXAMPLES)(PROMISES[name])()

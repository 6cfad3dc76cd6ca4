"""What is loaded is not searched for garbage again and again."""

import subprocess
import sys

LASTING = """
import gc, weakref, bot.bootstrap
from bot.collector import settle
settle()
class Ring: pass
ring = Ring(); ring.ring = ring; gone = weakref.ref(ring); del ring
gc.collect()
print(gc.get_freeze_count() > 10_000, gone() is None)
"""


def test_what_is_loaded_when_a_bot_runs_is_left_alone_and_what_comes_later_is_not() -> None:
    # In a process of its own, because it lasts.
    seen = subprocess.run([sys.executable, "-c", LASTING], capture_output=True, check=True, text=True)
    assert seen.stdout == "True True\n"

"""How often Python looks for garbage among what a bot holds."""

import gc

YOUNG, MIDDLE, OLD = 10_000, 10, 20
"""When each generation is searched (gc.set_threshold); Python's own are 700, 10, 10."""


def settle() -> None:
    """Take what is loaded by now for lasting, so that no request waits while all of it is searched for garbage.

    That search takes a tenth of a second and more, and comes by once in a few thousand requests. To be called once, by
    the process that a bot has for itself: what becomes garbage of all this later is kept.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

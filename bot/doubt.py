"""That something was asked of the provider before: then nobody may be told that nothing was changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import ProviderError


@contextmanager
def in_doubt(*, whether: bool = True) -> Iterator[None]:
    """Have each failure inside say that it is unclear what has taken effect.

    Args:
        whether: whether anything was asked before that may have.

    """
    try:
        yield
    except ProviderError as error:
        error.unclear = error.unclear or whether
        raise

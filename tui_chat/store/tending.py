"""What can wait: the index of words, and what was deleted in it."""

from typing import Final

from tui_chat.store import index
from tui_chat.store.holding import Held

_LONGEST_MERGE_S: Final = 0.5


def tend(held: Held) -> float:
    """Do a piece of what can wait, and return the share that is done."""
    with held.reading() as connection:
        if not held.has_index or not index.left(connection):
            return 1.0
    with held.writing() as connection:
        goes_on = held.has_index and (index.merge(connection) or index.take_in(connection))
        share = index.share(connection) if goes_on else 1.0
    if not goes_on:
        held.fold_log()
    return share


def let_go(held: Held) -> None:
    """Delete what this run has hidden, take what was deleted out of the index as far as that is quick, and close the
    file."""
    try:
        held.remove_hidden()
        held.merge(_LONGEST_MERGE_S)
    finally:
        held.let_go()

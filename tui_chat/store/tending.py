"""What can wait: the index of words, what was deleted in it, and what is left of that in the pages of the file."""

from typing import Final

from tui_chat.store import gaps, index
from tui_chat.store.holding import Held

_LONGEST_MERGE_S: Final = 0.5
_LONGEST_CLEARING_S: Final = 0.5
_CLEARING: Final = 0.99


def tend(held: Held) -> float:
    """Do a piece of what can wait, and return the share that is done."""
    with held.reading() as connection:
        has_words_left = held.has_index and index.left(connection)
        if not has_words_left and not gaps.left(connection):
            return 1.0
    if not has_words_left:
        return _clear_gaps(held)
    with held.writing() as connection:
        goes_on = held.has_index and (index.merge(connection) or index.take_in(connection))
        share = index.share(connection) if goes_on else 1.0
    if not goes_on:
        held.fold_log()
    return share


def _clear_gaps(held: Held) -> float:
    with held.writing() as connection:
        gaps.begin(connection)
        before = gaps.noted(connection)
    held.clear_gaps(0.0)
    with held.reading() as connection:
        # Where others keep us from it, the next start goes on: nobody waits for them here.
        return _CLEARING if gaps.is_noted(connection) and gaps.noted(connection) != before else 1.0


def let_go(held: Held) -> None:
    """Delete what this run has hidden, take what was deleted out of the index as far as that is quick, and close the
    file."""
    try:
        held.remove_hidden()
        held.merge(_LONGEST_MERGE_S)
        held.clear_gaps(_LONGEST_CLEARING_S)
    finally:
        held.let_go()

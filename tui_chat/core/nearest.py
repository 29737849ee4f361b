"""The name that somebody meant who mistyped one."""

from collections.abc import Iterable


def nearest(word: str, names: Iterable[str], *, least: float = 0.6) -> str:
    """The name that is most like the word; empty where none has at least this similarity, of 1 for the same."""
    import difflib  # only somebody who mistyped waits for it

    return next(iter(difflib.get_close_matches(word, list(names), n=1, cutoff=least)), "")

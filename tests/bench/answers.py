"""Answers to measure with: of one kind of Markdown each, endless, the same every time. A token is four characters."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

TOKEN: Final = 4
_WORDS: Final = [
    "amber",
    "anchor",
    "answer",
    "arrive",
    "autumn",
    "basket",
    "beacon",
    "before",
    "branch",
    "bridge",
    "candle",
    "canvas",
    "carbon",
    "castle",
    "center",
    "change",
    "circle",
    "clever",
    "cloud",
    "coast",
    "copper",
    "corner",
    "cotton",
    "cradle",
    "current",
    "dawn",
    "decide",
    "desert",
    "detail",
    "distance",
    "dozen",
    "early",
    "earth",
    "effort",
    "engine",
    "enough",
    "escape",
    "evening",
    "fabric",
    "feather",
    "fence",
    "field",
    "figure",
    "finger",
    "flame",
    "follow",
    "forest",
    "fragile",
]


def _word(number: int) -> str:
    return _WORDS[number * 7919 % len(_WORDS)]


def _words(first: int, many: int) -> str:
    return " ".join(_word(first + at) for at in range(many))


def _prose() -> Iterator[str]:
    for number in count():
        yield f"{_words(number * 31, 55)}, **{_word(number)}** and `{_word(number + 1)}`.\n\n"


def _small_blocks() -> Iterator[str]:
    for number in count():
        yield f"## {number}. {_words(number, 2)}\n\n"
        yield f"- {_words(number, 5)}\n- **{_word(number)}**: {_words(number, 3)}\n\n"


def _one_list() -> Iterator[str]:
    for number in count():
        yield f"- {_words(number, 8)} `{_word(number)}`\n"


def _one_fence() -> Iterator[str]:
    yield "```python\n"
    for number in count():
        name, other = _word(number), _word(number + 3)
        yield f"def {name}_{number}({other}: int) -> str:\n    # {_words(number, 4)}\n"
        yield f'    return f"{{{other}}}: {name}" * {number}\n\n'


def _one_paragraph() -> Iterator[str]:
    for number in count():
        yield f"{_words(number * 13, 40)}, "


def _one_table() -> Iterator[str]:
    yield "| Name | Size | Owner | Notes |\n| :-- | --: | :-: | --- |\n"
    for number in count():
        yield f"| {_word(number)} | {number} | {_word(number + 5)} | {_words(number, 3)} |\n"


KINDS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "prose": _prose,
    "small blocks": _small_blocks,
    "one list": _one_list,
    "one fence": _one_fence,
    "one paragraph": _one_paragraph,
    "one table": _one_table,
}


class Answer:
    """An endless answer, taken by tokens."""

    def __init__(self, kind: str) -> None:
        self._pieces = KINDS[kind]()
        self._text = ""

    def take(self, tokens: int) -> str:
        """The next so many tokens."""
        size = tokens * TOKEN
        parts, got = [self._text], len(self._text)
        while got < size:
            parts.append(next(self._pieces))
            got += len(parts[-1])
        text = "".join(parts)
        self._text = text[size:]
        return text[:size]

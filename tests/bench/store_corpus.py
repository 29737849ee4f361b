"""Conversations to fill a store with: words as often as they are in life, code, Chinese, tool calls."""

import itertools
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.parts import Message, Part, Reasoning, Role, Text, ToolCall, ToolResult, user_message
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Cost, CostSource, TokenCounts

PER_CONVERSATION: Final = 50
MODELS: Final = tuple(
    f"{maker}/{name}-{size}"
    for maker in ("openai", "anthropic", "google", "mistralai")
    for name in ("fine", "good", "best")
    for size in ("small", "large")
)
_LETTERS: Final = "etaoinshrdlcumwfgypbvkjxqz"
_VOCABULARY: Final = 200_000
_HAN: Final = [chr(0x4E00 + at) for at in range(3_000)]
_SIGNS: Final = ("C++", "foo::bar", "a->b", "x += 1", "--help", "$HOME", "#include", "std::vector", "C#", "node.js")
_BEGINS_AT: Final = 1_500_000_000.0
_APART_S: Final = 600.0


def word(rank: int) -> str:
    """The word that is the so-many-th most frequent, from 0."""
    spelling = random.Random(rank)
    length = spelling.randint(2, 5) + (spelling.randint(0, 5) if rank > 500 else 0)
    return "".join(spelling.choices(_LETTERS, weights=range(len(_LETTERS), 0, -1), k=length))


def han(rank: int, count: int = 2) -> str:
    """A word of Chinese characters that follow each other."""
    return "".join(_HAN[rank : rank + count])


def _cumulated(count: int) -> list[float]:
    """Zipf's law."""
    return list(itertools.accumulate(1 / (rank + 1) for rank in range(count)))


class Writer:
    """Writes texts, the same ones each time."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._words = [word(rank) for rank in range(_VOCABULARY)]
        self._weights = _cumulated(_VOCABULARY)
        self._han_weights = _cumulated(len(_HAN))

    def text(self) -> str:
        """A message of 5 to 150 words; one in ten is Chinese, one in seven has signs of code."""
        length = self._random.randint(5, 150)
        kind = self._random.random()
        if kind < 0.1:
            return "".join(self._random.choices(_HAN, cum_weights=self._han_weights, k=length)) + "。"
        words = self._random.choices(self._words, cum_weights=self._weights, k=length)
        if kind < 0.25:
            words += self._random.choices(_SIGNS, k=4)
        return " ".join(words)

    def conversation(self, number: int, messages: int = PER_CONVERSATION) -> tuple[Conversation, tuple[Node, ...]]:
        """A conversation whose questions and answers take turns; every tenth answer calls a tool."""
        model = self._random.choice(MODELS)
        begins_at = _BEGINS_AT + number * messages * _APART_S
        nodes: list[Node] = []
        for at in range(messages):
            parent = nodes[-1].id if nodes else None
            nodes.append(self._node(f"n{at}", parent, begins_at + at * _APART_S, at, model))
        title = " ".join(nodes[0].message.text.split()[:8])
        return Conversation(f"c{number:06}", begins_at, title, model, head_id=nodes[-1].id), tuple(nodes)

    def _node(self, node_id: str, parent_id: str | None, at: float, number: int, model: str) -> Node:
        if number % 20 == 18:
            return Node(node_id, parent_id, at, Message(Role.TOOL, (ToolResult(f"t{number}", "look_up", self.text()),)))
        if number % 2 == 0:
            return Node(node_id, parent_id, at, user_message(self.text()))
        parts: tuple[Part, ...] = (Text(self.text()),)
        if number % 20 == 17:
            parts = (Reasoning(self.text()), ToolCall(f"t{number + 1}", "look_up", f'{{"q": "{word(number)}"}}'))
        info = AnswerInfo(
            model,
            model,
            outcome=Outcome.COMPLETE,
            finish_reason="stop",
            counts=TokenCounts(100 + number, 80, 180 + number),
            cost=Cost(Decimal(number + 1) / 100_000, CostSource.GATEWAY),
            timing=Timing(0.4, 2.5),
        )
        return Node(node_id, parent_id, at, Message(Role.ASSISTANT, parts), info)


def conversations(messages: int) -> Iterator[tuple[Conversation, tuple[Node, ...]]]:
    """So many messages, in conversations of fifty."""
    writer = Writer()
    for number in range(max(1, messages // PER_CONVERSATION)):
        yield writer.conversation(number)

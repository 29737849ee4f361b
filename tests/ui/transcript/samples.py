"""Conversations to look at and to test with."""

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import File, Message, Part, Reasoning, Role, Text, ToolCall, ToolResult
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node

BEGAN = 1_760_000_000.0

RICH = """# Sorting, quickly

Here is **what matters**, with `std::vector<int>` and *emphasis*, ~~old~~ new, and a [link](https://example.com/a/b)
as well as https://bare.example.org/path, all in one paragraph that is long enough to wrap at any width.

## Lists

1. First, *measure*.
2. Then choose:
   - **Timsort** for nearly sorted data
     - it is what `sorted` uses
   - Quicksort, see `qsort(3)`
3. Measure again.

- [x] write it
- [ ] prove it

> A quote that says something wise, over
> two lines, and
>
> - a list inside it

| Algorithm | Best | Worst | Notes |
|:--|:-:|--:|---|
| Timsort | `O(n)` | `O(n log n)` | stable, adaptive, and used by Python, Java and others |
| Quicksort | `O(n log n)` | `O(n²)` | in place |
| 基数排序 | `O(nk)` | `O(nk)` | 不是比较排序 🙂 |

```python
def quicksort(items: list[int]) -> list[int]:
    \"\"\"Sort without hurry.\"\"\"
    if len(items) < 2:  # nothing to do
        return items
    pivot, *rest = items
    return [*quicksort([x for x in rest if x < pivot]), pivot, *quicksort([x for x in rest if x >= pivot])]
```

---

That is all.
"""


def question(id_: str, text: str, parent_id: str | None = None, *, files: tuple[File, ...] = ()) -> Node:
    """A prompt."""
    return Node(id_, parent_id, BEGAN, Message(Role.USER, (*files, Text(text))))


def answer(id_: str, *parts: Part, parent_id: str | None = None, **info: object) -> Node:
    """An answer; `info` as in `AnswerInfo`."""
    details = {"requested_model": "demo/writer", "outcome": Outcome.COMPLETE, "finish_reason": "stop", **info}
    return Node(id_, parent_id, BEGAN + 60, Message(Role.ASSISTANT, parts), AnswerInfo(**details))  # type: ignore[arg-type]  # the caller names the fields


def result(id_: str, call_id: str, content: str, parent_id: str, *, is_error: bool = False) -> Node:
    """What a tool returned."""
    return Node(
        id_, parent_id, BEGAN + 90, Message(Role.TOOL, (ToolResult(call_id, "get_weather", content, is_error),))
    )


CALLS = (
    ToolCall("c1", "get_weather", '{"city": "Paris", "unit": "celsius"}'),
    ToolCall("c2", "search", '{"query": "Eiffel tower opening hours in November"}'),
)
LOST = Failure(ErrorKind.NETWORK, "connection reset by peer", "Check the network, then ask again with /retry.")


def rich_path() -> tuple[Node, ...]:
    """One conversation with everything in it."""
    return (
        question("q1", "Explain sorting to me, please.\n\nKeep it short:\n    indented line"),
        answer("a1", Reasoning("The user wants sorting.\n\n- be brief\n- be right", 3.1), Text(RICH), parent_id="q1"),
        question("q2", "And the weather in Paris?", "a1", files=(File("notes.txt", "one\ntwo\n"),)),
        answer("a2", Text("Let me look."), *CALLS, parent_id="q2", finish_reason="tool_calls"),
        result("t1", "c1", "12 °C\nrain\nwind 4\nhumidity 80 %\npressure 1013\nuv 1", "a2"),
        answer(
            "a3", Text("It rains in Pa"), parent_id="t1", outcome=Outcome.TRUNCATED, finish_reason=None, failure=LOST
        ),
        question("q3", "Go on", "a3"),
        answer("a4", Text("It rains in Paris, and"), parent_id="q3", outcome=Outcome.CANCELLED, finish_reason=None),
        question("q4", "Once more", "a4"),
        answer("a5", Text("It rains in Paris, and it will"), parent_id="q4", finish_reason="length"),
    )


def long_path(count: int = 60) -> tuple[Node, ...]:
    """Questions with rich answers, numbered."""
    path: list[Node] = []
    for number in range(count):
        path.append(question(f"q{number}", f"Question {number}?"))
        path.append(answer(f"a{number}", Text(f"Answer {number}.\n\n{RICH}"), parent_id=f"q{number}"))
    return tuple(path)

"""What is said in the pictures: questions, answers, models, tools, and conversations of the days before."""

import sqlite3
from decimal import Decimal
from pathlib import Path

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import StoreError
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import File, Message, Reasoning, Role, Text, ToolCall, ToolResult, user_message
from tui_chat.core.request import ToolDefinition
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.store.failures import store_error

NOW = 1_772_539_200.0
"""3 March 2026, 12:00 UTC."""
MINUTE_S = 60.0
HOUR_S = 3_600.0
DAY_S = 86_400.0

QUESTION = "How do I read a streamed answer without losing a byte?"
ANSWER = """\
# Reading a stream

Read the body **as it arrives** and split it at *event boundaries*, not at reads: a read may end anywhere, in the \
middle of a character even. The [specification](https://html.spec.whatwg.org/multipage/server-sent-events.html) says \
how events end.

## The loop

```python
async for line in response.aiter_lines():
    if line.startswith("data: {"):  # everything else is a comment
        chunk = json.loads(line[6:])
        answer += chunk["choices"][0]["delta"].get("content", "")
```

Run it with

```
python read.py --model openai/gpt-4o-mini
```

## What to keep

1. The assembled text, and `usage` apart from it
2. Tool arguments, joined by their *index*
   - a name comes once
   - the rest comes in fragments

> An answer without a finish reason was cut off, however whole it looks.

| field | arrives | needed |
| --- | --- | :-: |
| `role` | first chunk | no |
| `delta.content` | every chunk | yes |
| `finish_reason` | last chunk but one | yes |
| `usage` | last chunk | for the bill |

That is all there is to it.
"""
HALF = ANSWER[: ANSWER.index("## What to keep")] + "## What to keep\n\n1. The assembled text, and `us"
THOUGHTS = """\
The person wants to read a stream. Two things matter: bytes may be cut anywhere, and an end must be told from a break.

I show the loop first, then what has to be kept, and say last how one tells that an answer is whole.
"""
LONG_PASTE = "".join(
    f"2026-03-03T11:{n // 60:02d}:{n % 60:02d} worker[{n}] took job {n * 7} from queue\n" for n in range(240)
)

_ROWS = (
    ("anthropic/claude-opus-4", "Claude Opus 4", 200_000, "15", "75"),
    ("anthropic/claude-sonnet-4", "Claude Sonnet 4", 200_000, "3", "15"),
    ("anthropic/claude-haiku-3.5", "Claude Haiku 3.5", 200_000, "0.8", "4"),
    ("deepseek/deepseek-chat-v3", "DeepSeek V3", 163_840, "0.27", "1.1"),
    ("deepseek/deepseek-r1", "DeepSeek R1", 163_840, "0.55", "2.19"),
    ("google/gemini-2.5-pro", "Gemini 2.5 Pro", 1_048_576, "1.25", "10"),
    ("google/gemini-2.5-flash", "Gemini 2.5 Flash", 1_048_576, "0.3", "2.5"),
    ("google/gemma-3-27b-it", "Gemma 3 27B", 131_072, "0", "0"),
    ("meta-llama/llama-4-maverick-17b-128e-instruct", "Llama 4 Maverick", 1_048_576, "0.15", "0.6"),
    ("mistralai/mistral-large-2411", "Mistral Large", 131_072, "2", "6"),
    ("mistralai/codestral-2501", "Codestral", 262_144, "0.3", "0.9"),
    ("moonshotai/kimi-k2", "Kimi K2", 131_072, "0.57", "2.3"),
    ("openai/gpt-4o", "GPT-4o", 128_000, "2.5", "10"),
    ("openai/gpt-4o-mini", "GPT-4o mini", 128_000, "0.15", "0.6"),
    ("openai/gpt-5", "GPT-5", 400_000, "1.25", "10"),
    ("openai/o3", "o3", 200_000, "2", "8"),
    ("qwen/qwen3-235b-a22b", "Qwen3 235B", 131_072, "0.13", "0.6"),
    ("x-ai/grok-4", "Grok 4", 256_000, "3", "15"),
    ("somebody/unpriced", "", None, "", ""),
)
_SEES = ("anthropic/", "google/", "openai/", "x-ai/")


def damaged_file() -> StoreError:
    """What the store says of its file where SQLite finds it damaged: every view that reads it says the same."""
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return store_error(error, Path("/tmp/some-folder/conversations.db"))


def _model(id_: str, name: str, context: int | None, prompt: str, completion: str) -> ModelInfo:
    given, taken = (Decimal(usd) / 1_000_000 if usd else None for usd in (prompt, completion))
    modalities = ("text", "image") if id_.startswith(_SEES) else ("text",)
    parameters = ("tools", "reasoning") if "-r1" in id_ or "o3" in id_ else ("tools",)
    about = f"{name} by {id_.partition('/')[0]}." if name else ""
    return ModelInfo(
        id_,
        name,
        about,
        context_tokens=context,
        price=Price(given, taken),
        input_modalities=modalities if name else (),
        supported_parameters=parameters if name else (),
    )


MODELS = tuple(_model(*row) for row in _ROWS)
TOOLS = (
    ToolDefinition(
        "get_weather",
        "Returns the weather of a city.",
        {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Name of the city"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city"],
        },
    ),
    ToolDefinition(
        "run_sql",
        "Runs a query on the database of orders.",
        {
            "type": "object",
            "properties": {
                "query": {"type": "string"},
                "limit": {"type": "integer", "maximum": 100},
                "output": {"type": "string", "enum": ["table", "csv"]},
            },
            "required": ["query", "output"],
            "additionalProperties": False,
        },
    ),
)

_RECENT = (
    ("Sorting in place without a copy", "anthropic/claude-sonnet-4", 12 * MINUTE_S, 2),
    ("Why is the sky blue, and the sun at evening red?", "openai/gpt-4o-mini", 3 * HOUR_S, 1),
    ("Letter to the landlord about the heating", "anthropic/claude-opus-4", DAY_S, 4),
    ("Regular expression for ISO dates", "deepseek/deepseek-r1", 2 * DAY_S, 1),
    ("東京の三日間", "google/gemini-2.5-pro", 5 * DAY_S, 3),
    ("Names for a command that undoes a rename", "openai/gpt-5", 12 * DAY_S, 6),
    (
        "What does EXDEV mean when a file is renamed across file systems, and what do good programs do about it",
        "x-ai/grok-4",
        70 * DAY_S,
        2,
    ),
    ("Trip to Lisbon", "openai/gpt-4o-mini", 90 * DAY_S, 3),
)


RECENT_LABELS = {"recent0": ("work",), "recent2": ("2026", "home"), "recent5": ("work",)}
ARCHIVED_ID = "recent7"


def recent_conversations() -> list[tuple[Conversation, tuple[Node, ...]]]:
    """Conversations of the days before, the newest first."""
    made = []
    for number, (title, model, age_s, turns) in enumerate(_RECENT):
        nodes: list[Node] = []
        began_at = NOW - age_s - turns * MINUTE_S
        for turn in range(turns):
            place = f"r{number}t{turn}"
            parent_id = nodes[-1].id if nodes else None
            at = began_at + turn * MINUTE_S
            nodes.append(Node(f"{place}q", parent_id, at, user_message(title if turn == 0 else "And then?")))
            info = AnswerInfo(
                model,
                outcome=Outcome.COMPLETE,
                finish_reason="stop",
                counts=TokenCounts(120, 340, 460),
                cost=Cost(Decimal("0.0042"), CostSource.GATEWAY),
            )
            said = Message(Role.ASSISTANT, (Text("In short: it depends, and here is on what."),))
            nodes.append(Node(f"{place}a", f"{place}q", at + 30, said, info))
        made.append((Conversation(f"recent{number}", began_at, title, model, head_id=nodes[-1].id), tuple(nodes)))
    return made


def searched_conversations() -> list[tuple[Conversation, tuple[Node, ...]]]:
    """Conversations in which much is to be found: in what was said, thought, called, attached."""
    rust, claude = NOW - DAY_S, "anthropic/claude-sonnet-4"
    code = '{"code": "fn longest<\'a>(x: &\'a str) -> &\'a str { x } // one lifetime, one borrow"}'
    said = (
        "Lifetimes say how long a borrow is good for. The compiler does not track time; it compares regions of code: "
        "the one in which the value lives, and the one in which it is borrowed.\n\n"
        "```rust\nfn first<'a>(words: &'a [String]) -> &'a str {\n    &words[0]\n}\n```\n\n"
        "Here the lifetime of what is returned is that of what was given."
    )
    info = AnswerInfo(claude, outcome=Outcome.COMPLETE, finish_reason="stop")
    mini = AnswerInfo("openai/gpt-4o-mini", outcome=Outcome.COMPLETE, finish_reason="stop")
    thought = Reasoning("The user wants lifetimes with a borrow that ends too early, and an example.", 2.0)
    return [
        (
            Conversation("s0", rust, "Rust lifetimes, explained", claude),
            (
                Node("s0q", None, rust, user_message("How do lifetimes work, and what is a borrow?")),
                Node("s0a", "s0q", rust + 60, Message(Role.ASSISTANT, (thought, Text(said))), info),
                Node("s0r", "s0a", rust + 900, user_message("And a function with a lifetime and a borrow?")),
                Node(
                    "s0c",
                    "s0r",
                    rust + 960,
                    Message(Role.ASSISTANT, (ToolCall("c1", "run_rust", code),)),
                    info,
                ),
                Node(
                    "s0d",
                    "s0c",
                    rust + 970,
                    Message(Role.TOOL, (ToolResult("c1", "run_rust", "error[E0106]: missing lifetime of a borrow"),)),
                ),
            ),
        ),
        (
            Conversation("s3", NOW - 9 * DAY_S, "Reading a stream", claude),
            (
                Node("s3q", None, NOW - 9 * DAY_S, user_message(QUESTION)),
                Node("s3a", "s3q", NOW - 9 * DAY_S + 30, Message(Role.ASSISTANT, (Text(ANSWER),)), info),
            ),
        ),
        (
            Conversation("s1", NOW - 3 * DAY_S, "Trip to Lisbon", "openai/gpt-4o-mini"),
            (
                Node(
                    "s1q",
                    None,
                    NOW - 3 * DAY_S,
                    user_message("Is the lifetime of a ticket 90 days? May I borrow one?"),
                ),
                Node("s1a", "s1q", NOW - 3 * DAY_S + 30, Message(Role.ASSISTANT, (Text("Yes, and no."),)), mini),
            ),
        ),
        (
            Conversation("s2", NOW - 40 * DAY_S, "Notes on [bold]design[/bold]", claude),
            (
                Node(
                    "s2q",
                    None,
                    NOW - 40 * DAY_S,
                    user_message("What of this?", (File("notes.md", "We borrowed the idea of a lifetime from Rust."),)),
                ),
                Node("s2a", "s2q", NOW - 40 * DAY_S + 30, Message(Role.ASSISTANT, (Text("A good idea."),)), info),
            ),
        ),
    ]

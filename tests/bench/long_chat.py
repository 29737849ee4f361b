"""A conversation of 10,000 messages: importing it, and having it on the screen.

    python -m tests.bench.long_chat                    about a minute; exit status 1 where a target is missed
    python -m tests.bench.long_chat --messages 1000    another size; judges nothing

Both are done as a person does them, by starting the program: `history import` of each form of one conversation, and
`--resume` in a terminal, beside the start of an empty chat. They take turns, and of all rounds the best counts. Beside
the time that passed stands the time of the processor, which a busy machine changes less.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from tests.bench.conversation import long_tree
from tests.bench.targets import Target
from tests.pty.pty_terminal import PtyTerminal, environment
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.jsonl import to_jsonl

MESSAGES: Final = 10_000
IMPORT_S: Final = 2.0
OPEN_S: Final = 0.6
ROUNDS: Final = 5
COLUMNS, ROWS = 120, 40


class Taken(NamedTuple):
    """How long something took."""

    passed_s: float
    processor_s: float


def chatgpt_form(conversation: Conversation, nodes: Sequence[Node]) -> str:
    """The same conversation as ChatGPT exports one."""
    mapping: JsonObject = {"root": {"id": "root", "message": None, "parent": None, "children": [nodes[0].id]}}
    for at, node in enumerate(nodes):
        mapping[node.id] = {
            "id": node.id,
            "parent": node.parent_id or "root",
            "children": [nodes[at + 1].id] if at + 1 < len(nodes) else [],
            "message": {
                "id": node.id,
                "author": {"role": str(node.message.role)},
                "create_time": node.created_at,
                "content": {"content_type": "text", "parts": [node.message.text]},
                "status": "finished_successfully",
                "metadata": {"model_slug": "gpt-4o"} if node.answer else {},
                "recipient": "all",
            },
        }
    return json.dumps(
        [
            {
                "id": conversation.id,
                "title": "Long",
                "create_time": conversation.created_at,
                "mapping": mapping,
                "current_node": nodes[-1].id,
            }
        ]
    )


def run(env: Mapping[str, str], *words: str) -> Taken:
    """Run the program to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "tui_chat", *words], env=dict(env), check=True, capture_output=True)
    passed = perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def seen(env: Mapping[str, str], words: Sequence[str], text: str) -> Taken:
    """Start the program in a terminal, until this is on its screen and the composer can be typed into."""
    began = perf_counter()
    with PtyTerminal([sys.executable, "-m", "tui_chat", *words], env, COLUMNS, ROWS) as terminal:
        terminal.wait_for(text, "ready")
        passed = perf_counter() - began
        fields = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(") ")[2].split()
        processor = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        terminal.send("\x04")
        terminal.wait_end()
    return Taken(passed, processor)


def best(taken: Sequence[Taken]) -> Taken:
    """The least of each."""
    return Taken(min(each.passed_s for each in taken), min(each.processor_s for each in taken))


def measure(folder: Path, messages: int, rounds: int) -> list[Target]:
    """Print a line for each, and return what was promised."""
    conversation, tree = long_tree(messages)
    nodes = tree.nodes()
    files = {
        "jsonl": to_jsonl(conversation, nodes),
        "json": to_json(conversation, nodes),
        "ChatGPT": chatgpt_form(conversation, nodes),
    }
    for form, text in files.items():
        (folder / form).write_text(text)
    full, empty = (environment(folder, TUI_CHAT_HOME=str(folder / name)) for name in ("full", "empty"))
    works = {f"import {form}": partial(_import, folder, form) for form in files}
    run(full, "history", "import", str(folder / "jsonl"))
    works["an empty chat"] = partial(seen, empty, [], "ready")
    works["resumed"] = partial(seen, full, ["--resume", conversation.id], f"That was answer {messages - 1}.")
    taken: dict[str, list[Taken]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    print(f"\n{messages:,} messages{'':16}{'passed':>10}{'processor':>12}  s")
    for name, each in taken.items():
        print(f"  {name:28}{best(each).passed_s:10.2f}{best(each).processor_s:12.2f}")
    return [
        *(_target(f"import of {form} within {IMPORT_S} s", best(taken[f"import {form}"]), IMPORT_S) for form in files),
        _target(f"on the screen within {OPEN_S} s from exec", best(taken["resumed"]), OPEN_S),
    ]


def _import(folder: Path, form: str) -> Taken:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        return run(environment(folder, TUI_CHAT_HOME=home), "history", "import", str(folder / form))


def _target(claim: str, taken: Taken, most_s: float) -> Target:
    return Target(claim, f"{taken.passed_s:.2f} s, processor {taken.processor_s:.2f} s", taken.passed_s <= most_s)


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.long_chat", description="Measures a long chat.")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        targets = measure(Path(folder), given.messages, ROUNDS if given.messages >= MESSAGES else 1)
    if given.messages < MESSAGES:
        return 0
    print("\nTargets")
    for target in targets:
        print(f"  {'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return int(not all(target.is_met for target in targets))


if __name__ == "__main__":
    sys.exit(main())

"""What finding a model costs: reading a catalogue, the pane's first paint, and each key, beside a fuzzy rank of all.

    python -m tests.bench.models            half a minute; exit status 1 where a target is missed
    python -m tests.bench.models --quick    a few models; judges nothing

A key costs from when it is pressed until its frame has been written to a terminal that only counts; the first paint
from mounting the pane. Keep the machine quiet while it runs.
"""

import argparse
import asyncio
import json
import sys
from decimal import Decimal
from time import perf_counter, process_time

from textual.app import App

from tests.bench.memory import resident_kb
from tests.bench.screens import Terminal, shown
from tests.bench.targets import Target, tuned
from tui_chat.core import fuzzy
from tui_chat.core.model_finder import ModelFinder
from tui_chat.core.model_query import read_query
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.usage import Price
from tui_chat.providers.models_wire import read_models
from tui_chat.ui.panes.model_pane import ModelPane
from tui_chat.ui.theming.themes import ThemedApp

FEW, MANY = 500, 20_000
FIRST_FEW_MS, FIRST_MANY_MS, KEY_MS = 50.0, 100.0, 16.0
TYPED = "model 19"
QUERIES = ("m", "mo", "model", "model 19", "free", "<1 pictures", "tools mo", "gpt4o")
ABOUT = "A model for words, code and pictures that answers quickly. " * 6


def models(count: int) -> tuple[ModelInfo, ...]:
    """So many models, as catalogues have them."""
    return tuple(
        ModelInfo(
            f"provider-{n % 90}/model-{n}",
            f"Model {n}",
            ABOUT,
            context_tokens=1_000 * (n % 400),
            price=Price(Decimal(n % 50) / 10**7, Decimal(n % 60) / 10**7),
            input_modalities=("text", "image") if n % 3 else ("text",),
            supported_parameters=("tools", "temperature") if n % 2 else ("temperature",),
        )
        for n in range(count)
    )


class PaneAlone(ThemedApp[None]):
    """An app to mount the pane in."""


def main(arguments: list[str] | None = None) -> int:
    """Print what was measured; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.models", description="Measures finding a model.")
    parser.add_argument("--quick", action="store_true", help="a few models, nothing is judged")
    is_quick = parser.parse_args(arguments).quick
    few, many = (20, 200) if is_quick else (FEW, MANY)
    with tuned():
        targets = [*asyncio.run(_pane(few, FIRST_FEW_MS)), *asyncio.run(_pane(many, FIRST_MANY_MS))]
    _queries(many)
    _reading(many)
    for target in targets:
        print(f"{'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return 0 if is_quick or all(target.is_met for target in targets) else 1


async def _pane(count: int, first_ms: float) -> list[Target]:
    catalog = Catalog(models(count), fetched_at=0.0)
    async with shown(PaneAlone()) as terminal:
        app = terminal.driver._app
        for _ in range(2):  # the first one imports, and fills caches of any pane
            bare = await _mounted(app, terminal, ModelPane(Catalog(models(5), fetched_at=0.0), "", now=lambda: 60.0))
            await app.query_one(ModelPane).remove()
            await terminal.rest()
        pane = ModelPane(catalog, "", now=lambda: 60.0)
        first = await _mounted(app, terminal, pane)
        pane.focus()
        await terminal.rest(0.5)
        keys = []
        for key in TYPED:
            terminal.clear()
            began = process_time()
            app.simulate_key("space" if key == " " else key)
            while not await terminal.next():
                pass
            keys.append((terminal.driver.writes[-1].cpu_s - began) * 1_000)
            await terminal.rest(0.1)
    slowest = max(keys)
    return [
        Target(
            f"first paint of {count:,} models within {first_ms:.0f} ms",
            f"{first:.1f} ms (of 5 models {bare:.1f} ms)",
            first <= first_ms,
        ),
        Target(
            f"each key among {count:,} within {KEY_MS:.0f} ms",
            f"{slowest:.1f} ms at most ({', '.join(f'{each:.1f}' for each in keys)})",
            slowest <= KEY_MS,
        ),
    ]


async def _mounted(app: App[object], terminal: Terminal, pane: ModelPane) -> float:
    """Milliseconds of the processor until the pane was painted."""
    terminal.clear()
    began = process_time()
    await app.mount(pane)
    while not await terminal.next():
        pass
    return (terminal.driver.writes[-1].cpu_s - began) * 1_000


def _queries(count: int) -> None:
    """The search alone, beside ranking all by `core/fuzzy`."""
    listed = models(count)
    finder = ModelFinder(listed)
    began = process_time()
    finder.prepare()
    print(f"prepared beside the first frame: {(process_time() - began) * 1_000:.0f} ms for {count:,} models")
    texts = [f"{model.id} {model.name} {model.owned_by}" for model in listed]
    for query in QUERIES:
        began = process_time()
        found = finder.find(read_query(query))
        found_ms = (process_time() - began) * 1_000
        began = process_time()
        fuzzy.rank(query, range(count), texts.__getitem__)
        ranked_ms = (process_time() - began) * 1_000
        print(f"  {query:14} {len(found):6,} fit  {found_ms:6.1f} ms  (fuzzy rank of all {ranked_ms:6.1f} ms)")


def _reading(count: int) -> None:
    """Reading the list of a gateway, and ten times as many rows of nothing."""
    rows = [
        {
            "id": model.id, "name": model.name, "description": ABOUT, "context_length": 131_072,
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "pricing": {"prompt": "0.00000015", "completion": "0.0000006", "input_cache_read": "0.000000075"},
            "supported_parameters": ["tools", "temperature", "seed"],
        }
        for model in models(count)
    ]  # fmt: skip
    for name, body in (
        ("models", json.dumps({"data": rows}).encode()),
        ("empty rows", b"[" + b"{}," * 10 * count + b"{}]"),
    ):
        before, began = resident_kb(), perf_counter()
        found = read_models(body)
        took, more = perf_counter() - began, (resident_kb() - before) / 1024
        size = len(body) / 1024**2
        print(f"read {name}: {size:.1f} MB, {len(found or ()):,} models, {took:.2f} s, {more:.0f} MB more in use")


if __name__ == "__main__":
    sys.exit(main())

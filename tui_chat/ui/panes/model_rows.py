"""Rows for a model in a list: id, prices per million tokens, context window and what it can do, unknown as a dash."""

from collections.abc import Iterable, Sequence

import msgspec

from tui_chat.core import figures
from tui_chat.core.models import Catalog, ModelInfo, ModelKind
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, highlighted, spread, width_of
from tui_chat.ui.theming.marks import Mark

WIDE = 72
"""From this many cells on, a model takes one line; below, two."""

LEGEND = ("v sees pictures", "t calls tools", "r reasons")


class ModelEntry(msgspec.Struct, frozen=True):
    """A line of the list."""

    id: str
    """Id in the gateway's own form, used when the model is chosen."""
    shown: str
    """Id for the screen: sanitised."""
    key: str
    """Text that a query is matched against: the shown id first, then name and provider."""
    info: ModelInfo | None
    """None: not in the catalogue."""
    is_recent: bool = False
    is_typed: bool = False
    """Typed as it stands, and in no catalogue."""


def model_entries(catalog: Catalog, recents: Sequence[str]) -> tuple[ModelEntry, ...]:
    """Entries of the catalogue, the recently used models first."""
    by_id = {model.id: model for model in catalog.offered}
    first = dict.fromkeys(model_id for model_id in recents if model_id)
    recent = [_entry(model_id, by_id.get(model_id), is_recent=True) for model_id in first]
    return (*recent, *(_entry(model_id, model) for model_id, model in by_id.items() if model_id not in first))


def typed_entry(text: str) -> ModelEntry:
    """The typed id as an entry, used as it stands."""
    return ModelEntry(text, sanitize_line(text), "", None, is_typed=True)


def _entry(model_id: str, info: ModelInfo | None, *, is_recent: bool = False) -> ModelEntry:
    shown = sanitize_line(model_id)
    more = f" {sanitize_line(info.name)} {sanitize_line(info.owned_by)}" if info else ""
    return ModelEntry(model_id, shown, shown + more, info, is_recent)


def abilities(info: ModelInfo | None) -> Row:
    """Letters of what a model can do (`vtr`): a dot for what it cannot, a dash where the catalogue does not say."""
    sees = "image" in info.input_modalities if info and info.input_modalities else None
    calls = info.supports("tools") if info else None
    reasons = None
    if info and info.supported_parameters:
        reasons = any(info.supports(name) for name in ("reasoning", "reasoning_effort", "include_reasoning"))
    return tuple(
        (Ink.ACCENT, letter) if can else (Ink.MUTED, figures.UNKNOWN if can is None else "·")
        for letter, can in (("v", sees), ("t", calls), ("r", reasons))
    )


def heading(width: int) -> Row:
    """Words over the columns; empty where a model takes two lines, which name their numbers."""
    if width < WIDE:
        return ()
    return spread(((Ink.MUTED, "  model"),), ((Ink.MUTED, f"{'in/M':>9}{'out/M':>9}{'context':>9}  vtr"),), width)


def model_lines(entry: ModelEntry, positions: Iterable[int], width: int, *, is_current: bool) -> tuple[Row, ...]:
    """One line where there is room, else two."""
    mark: Run = (Ink.SUCCESS, f"{Mark.ANSWER.drawn} ") if is_current else (Ink.TEXT, "  ")
    if entry.is_typed:
        row: Row = (mark, (Ink.TEXT, f"use «{entry.shown}»"), (Ink.MUTED, " as typed"))
        return (cut(row, width),) if width >= WIDE else (cut(row, width), ())
    name: Row = (mark, *highlighted(entry.shown, positions))
    info = entry.info
    given = figures.price_per_million(info.price.prompt_usd if info else None)
    taken = figures.price_per_million(info.price.completion_usd if info else None)
    context = figures.tokens(info.context_tokens if info else None)
    recent: Row = ((Ink.MUTED, "recent"),) if entry.is_recent else ()
    if info is not None and info.kind is not ModelKind.CHAT:
        name = (*name, (Ink.WARNING, f" {info.kind.value}"))
    if width >= WIDE:
        numbers: Row = (*recent, (Ink.TEXT, f"{given:>9}{taken:>9}"), (Ink.MUTED, f"{context:>9}  "), *abilities(info))
        return (spread(name, numbers, width),)
    details: Row = (
        (Ink.MUTED, "  in "),
        (Ink.TEXT, given),
        (Ink.MUTED, " out "),
        (Ink.TEXT, taken),
        (Ink.MUTED, f"  {context}"),
    )
    can = abilities(info)
    if recent and width_of(details) + width_of(recent) + width_of(can) + 2 <= width:
        can = (*recent, (Ink.TEXT, " "), *can)
    return cut(name, width), spread(details, can, width)

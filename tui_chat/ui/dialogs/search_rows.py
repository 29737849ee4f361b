"""The rows of the search of everything: hits by conversation, what there is before anything is typed, and how the
words were read. Everything that comes from the store is made harmless here."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
from rich.cells import cell_len

from tui_chat.chat.found import FoundIn, SearchHit
from tui_chat.chat.ports import ConversationSummary
from tui_chat.core import days, figures
from tui_chat.core.errors import Failure
from tui_chat.core.found_words import found_words
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import ReadQuery
from tui_chat.core.unmarked import unmarked
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, spread, width_of, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.search import HitGroup, OpenFilter

MOST_OF_A_GROUP: Final = 3
WITH_MODEL: Final = 50
"""From this many cells on a hit says its model."""
MODEL_CELLS: Final = 12
BRIEF_CELLS: Final = 9
"""Of a time below a heading: `Mon 14:02`."""
WHOLE_CELLS: Final = 11
"""Of one that stands alone: `12 Nov 2025`."""
FIELD_INDENT: Final = 7
"""Cells before the text of the field, `find › `."""
UNTITLED: Final = "(no title)"
_LONGEST: Final = 300


class HitRow(msgspec.Struct, frozen=True):
    """A hit."""

    hit: SearchHit
    group: HitGroup


class MoreRow(msgspec.Struct, frozen=True):
    """Stands for the hits of a conversation that are not listed yet."""

    group: HitGroup
    count: int


class ConversationRow(msgspec.Struct, frozen=True):
    """A conversation, where nothing is searched for."""

    summary: ConversationSummary


class PastRow(msgspec.Struct, frozen=True):
    """An earlier search of this run."""

    text: str


Item = HitRow | MoreRow | ConversationRow | PastRow


def items_of(groups: Iterable[HitGroup], opened: Collection[str]) -> list[Item]:
    """The rows of these hits; of the conversations in `opened` all of them."""
    items: list[Item] = []
    for group in groups:
        most = len(group.hits) if group.conversation_id in opened else MOST_OF_A_GROUP
        items += (HitRow(hit, group) for hit in group.hits[:most])
        if len(group.hits) > most:
            items.append(MoreRow(group, len(group.hits) - most))
    return items


def title_of(item: Item | None) -> str:
    """The title of the conversation that an item is of, harmless; empty where it is of none."""
    match item:
        case HitRow(_, group) | MoreRow(group):
            return sanitize_line(group.title) or UNTITLED
        case ConversationRow(summary):
            return sanitize_line(summary.title) or UNTITLED
        case _:
            return ""


def heading_of(item: Item, now: float) -> tuple[str, str]:
    """What an item stands under, and what is said of that at the right."""
    match item:
        case HitRow(hit, group) | MoreRow(HitGroup(hits=(hit, *_)) as group):
            archived = " · archived" if hit.is_archived else ""
            return title_of(item) + archived, days.day(max(each.created_at for each in group.hits), now)
        case ConversationRow():
            return "Conversations", ""
        case _:
            return "Last searches", ""


class Headings(NamedTuple):
    """Lines above items, and what stands at their right, by the item's index."""

    words: dict[int, str]
    asides: dict[int, str]


def headings_of(items: Sequence[Item], now: float, *, has_conversations: bool) -> Headings:
    """The headings; `has_conversations`: also those of results, which are their conversations."""
    headings = Headings({}, {})
    before: object = None
    for index, item in enumerate(items):
        is_result = isinstance(item, HitRow | MoreRow)
        owner = item.group.conversation_id if isinstance(item, HitRow | MoreRow) else type(item)
        if owner != before and (has_conversations or not is_result):
            headings.words[index], headings.asides[index] = heading_of(item, now)
        before = owner
    return headings


def item_row(item: Item, words: Sequence[str], now: float, width: int, *, is_headed: bool) -> Row:
    """A row; `is_headed`: the conversation and its day stand above it."""
    match item:
        case HitRow(hit, group):
            if not is_headed:
                return _hit_row(hit, words, f"{days.whole_time(hit.created_at, now):>{WHOLE_CELLS}}", width)
            newest = max(each.created_at for each in group.hits)
            return _hit_row(hit, words, f"{days.time_below(hit.created_at, newest, now):>{BRIEF_CELLS}}", width)
        case MoreRow(_, count):
            where = "" if is_headed else f" in {title_of(item)}"
            return cut(((Ink.MUTED, f"  and {count} more{where}"),), width)
        case ConversationRow(summary):
            when = days.whole_time(summary.updated_at, now)
            facts = f"{figures.counted(summary.messages, 'message')} · {when}" if width >= WITH_MODEL else when
            return spread(((Ink.TEXT, f"  {title_of(item)}"),), ((Ink.MUTED, f"  {facts}"),), width)
        case PastRow(text):
            return cut(((Ink.TEXT, f"  {sanitize_line(text)}"),), width)


def _hit_row(hit: SearchHit, words: Sequence[str], when: str, width: int) -> Row:
    """`when` has the width of its column, which the model stands before."""
    aside = f"  {when.lstrip()}"
    model = sanitize_line(hit.model, 80).rpartition("/")[2] if hit.role is Role.ASSISTANT else ""
    if width >= WITH_MODEL and model:
        shown = cut(((Ink.MUTED, model),), MODEL_CELLS)
        aside = f"  {''.join(text for _, text in shown):<{MODEL_CELLS}}  {when}"
    before, after = _around(hit)
    room = width - len(aside) - width_of(before) - len(after) - 1
    if room < 8:
        aside, room = "", width - width_of(before) - len(after)
    line = cut(marked(from_the_hit(sanitize_line(unmarked(hit.excerpt), _LONGEST), words, room), words), room)
    return spread((*before, *line, (Ink.TEXT, after)), ((Ink.MUTED, aside),) if aside else (), width)


def _around(hit: SearchHit) -> tuple[Row, str]:
    """What stands before and after the words of a hit: its mark, and in what they were found."""
    name = sanitize_line(hit.name, 24)
    match hit.found_in:
        case FoundIn.TITLE:
            return ((Ink.MUTED, "  title: "),), ""
        case FoundIn.REASONING:
            return ((Ink.REASONING, f"{Mark.FOLDED.drawn} thought: "),), ""
        case FoundIn.CALL:
            return ((Ink.TOOL, f"{Mark.CALL.drawn} {name or 'call'}  "),), ""
        case FoundIn.RESULT:
            return ((Ink.TOOL, f"{Mark.CONTINUED.drawn} {name or 'result'}  "),), ""
        case FoundIn.FILE:
            return ((Ink.USER if hit.role is Role.USER else Ink.MUTED, f"+ {name or 'file'}  "),), ""
        case FoundIn.SOURCE:
            return ((Ink.MUTED, f"  source: {name} "),), ""
        case FoundIn.TEXT:
            pass
    if hit.role is Role.ASSISTANT:
        return ((Ink.ASSISTANT, f"{Mark.ANSWER.drawn} "),), ""
    if hit.role is Role.USER:
        return ((Ink.TEXT, "  “"),), "”"
    return ((Ink.MUTED, f"  {hit.role}: "),), ""


def from_the_hit(text: str, words: Sequence[str], room: int) -> str:
    """The text, its beginning left out where the first of the words would be out of sight."""
    spans = found_words(text, words)
    if cell_len(text) <= room or not spans or spans[-1].end <= room or spans[0].start <= room // 4:
        return text
    return "…" + text[max(0, spans[0].start - room // 4) :].lstrip("…")


def marked(text: str, words: Sequence[str], ink: Ink = Ink.TEXT) -> Row:
    """The text with the words marked."""
    runs: list[Run] = []
    at = 0
    for start, end in found_words(text, words):
        if start > at:
            runs.append((ink, text[at:start]))
        runs.append((Ink.MATCH, text[start:end]))
        at = end
    return (*runs, (ink, text[at:])) if at < len(text) else tuple(runs)


def failure_rows(failure: Failure, width: int) -> list[Row]:
    """Why nothing could be looked through."""
    words = f"{Mark.FAILED.drawn} {sanitize_line(f'{failure.message} {failure.advice}', 400)}"
    return _paragraph(words, width, Ink.ERROR)


def nothing_rows(words: str, width: int) -> list[Row]:
    """Why nothing is listed."""
    return _paragraph(words, width, Ink.MUTED)


def _paragraph(words: str, width: int, ink: Ink) -> list[Row]:
    return [((Ink.TEXT, " "), *row) for row in wrapped(words, width - 2, ink)]


def reading_rows(read: ReadQuery, being_typed: OpenFilter | None, width: int) -> list[Row]:
    """How the words were read, what is wrong with them, or what the filter that is being typed can be."""
    indent: Row = ((Ink.TEXT, " " * (FIELD_INDENT + 1)),)
    room = max(1, width - FIELD_INDENT - 2)
    is_open = being_typed is not None and (not being_typed.value or bool(read.problems))
    if read.problems and not is_open:
        words = f"{Mark.FAILED.drawn} {sanitize_line(' '.join(read.problems), 400)}"
        return [(*indent, *row) for row in wrapped(words, room, Ink.ERROR)[:2]]
    if being_typed is not None and is_open:
        words = " · ".join(being_typed.choices)
    else:
        quoted = " and ".join(f"“{sanitize_line(word, 60)}”" for word in read.query.words)
        words = " · ".join(filter(None, (quoted, *(sanitize_line(each, 80) for each in read.readings))))
    return [(*indent, *cut(((Ink.MUTED, words),), room))]

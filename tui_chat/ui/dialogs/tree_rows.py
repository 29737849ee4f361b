"""Lines of the tree of a conversation as rows: where a message stands, what it says, which model, what its branch cost,
and when it came."""

from collections.abc import Sequence
from typing import Final

from tui_chat.core import days, figures
from tui_chat.core.branches import Line, excerpt, speaker_of
from tui_chat.core.ending import node_ending
from tui_chat.core.mark_words import state_words, summary_words
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.unmarked import unmarked
from tui_chat.ui.dialogs.search_rows import from_the_hit, marked
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, width_of
from tui_chat.ui.theming.marks import Mark

DEEPEST: Final = 5
DEEPEST_NARROW: Final = 2
NARROW: Final = 60
MODEL_CELLS: Final = 14
COST_CELLS: Final = 10
TIME_CELLS: Final = 7
NARROWEST_WORDS: Final = 24
LONGEST_SEARCHED: Final = 20_000
"""Characters of a message that a filter looks at."""


def tree_row(line: Line, width: int, now: float, *, is_here: bool, words: Sequence[str] = ()) -> Row:
    """One line. `now` is in seconds since the epoch; `is_here`: the path ends with it; `words` are marked, unless it
    is only the way to what has them."""
    lead = _lead(line, width)
    if line.hidden:
        return cut((*lead, (Ink.MUTED, f"{Mark.LEFT_OUT.drawn} {figures.counted(line.hidden, 'message')}")), width)
    right = _facts(line, width, now)
    room = width - width_of(right)
    here: tuple[Run, ...] = ((Ink.SUCCESS, "  (here)"),) if is_here else ()
    before = (*lead, *_marks(line))
    left = (*before, *_said(line, words, room - 2 - width_of((*before, *here))))
    if line.is_way:
        left, right = _dimmed(left), _dimmed(right)
    left = (*cut(left, room - 2 - width_of(here)), *here)
    return (*left, (Ink.TEXT, " " * (room - width_of(left))), *right)


def heading_row(width: int) -> Row:
    """The words over the columns."""
    model, time = _columns(width)
    over = (f"{'model':<{MODEL_CELLS}}" if model else "") + f"{'from here':>{COST_CELLS}}"
    over += f"{'time':>{TIME_CELLS}}" if time else ""
    return ((Ink.MUTED, f"{'  message':<{max(0, width - len(over))}}{over}"),)


def _columns(width: int) -> tuple[bool, bool]:
    """Whether there is room for the model, and for the time."""
    has_time = width >= NARROWEST_WORDS + COST_CELLS + TIME_CELLS
    return width >= NARROWEST_WORDS + MODEL_CELLS + COST_CELLS + TIME_CELLS, has_time


def _lead(line: Line, width: int) -> tuple[Run, ...]:
    """The lines that lead to a branch; beyond a few steps how many there are."""
    if not line.depth:
        return ()
    if line.depth > (DEEPEST if width >= NARROW else DEEPEST_NARROW):
        return ((Ink.MUTED, f"{Mark.AFTER.drawn}{line.depth} "),)
    return ((Ink.MUTED, "│ " * (line.depth - 1) + ("├─" if line.is_first else "│ ")),)


def _dimmed(row: Row) -> Row:
    return tuple((Ink.MUTED, text) for _, text in row)


def _marks(line: Line) -> Row:
    """Who speaks, what is noted of it, and how it ended."""
    node = line.node
    mark, ink = _mark(line)
    said: list[Run] = [(ink, f"{mark} ")]
    if node.marks.is_bookmarked:
        said.append((Ink.WARNING, f"{Mark.FAVOURITE.drawn} "))
    said += [(Ink.ACCENT, f"{words}  ") for words in state_words(node.marks) if words != "bookmarked"]
    if ending := node_ending(node):
        said.append((Ink.WARNING, f"{Mark.FAILED.drawn} {ending.clause}: "))
    elif node.answer is not None and node.answer.failure is not None:
        said.append((Ink.ERROR, f"{Mark.FAILED.drawn} {sanitize_line(node.answer.failure.title, 60)}: "))
    return tuple(said)


def _said(line: Line, words: Sequence[str], room: int) -> Row:
    """What it says, from near the first of the words on where those are asked for."""
    node = line.node
    ink = Ink.TEXT if line.is_sent or not line.is_on_path else Ink.MUTED
    if summary := summary_words(node):
        return ((ink, summary),)
    text = unmarked(excerpt(node)[: LONGEST_SEARCHED if words else 2_000])
    if words and text and not line.is_way:
        return marked(sanitize_line(from_the_hit(sanitize_line(text, LONGEST_SEARCHED), words, room), 300), words, ink)
    return ((ink, sanitize_line(text, 300) or "(nothing)"),)


def _mark(line: Line) -> tuple[str, Ink]:
    node = line.node
    match node.message.role:
        case Role.USER:
            return Mark.AFTER.drawn, Ink.USER
        case Role.TOOL:
            return Mark.CALL.drawn, Ink.TOOL
        case _ if node.marks.summary is not None:
            return Mark.FOLDED.drawn, Ink.MUTED
        case _ if node.marks.continues is not None and line.is_on_path:
            return f"{Mark.ANSWER.drawn} {Mark.CONTINUED.drawn}", Ink.ASSISTANT
        case _:
            return (Mark.ANSWER if line.is_on_path else Mark.OFF).drawn, Ink.ASSISTANT


def _facts(line: Line, width: int, now: float) -> Row:
    has_model, has_time = _columns(width)
    cost = "" if line.cost is None else figures.total_cost(line.cost, is_narrow=True)
    cells: list[Run] = []
    if has_model:
        name = cut(((Ink.MUTED, speaker_of(line.node)),), MODEL_CELLS - 1)
        cells += [*name, (Ink.TEXT, " " * (MODEL_CELLS - width_of(name)))]
    cells.append((Ink.TEXT, f"{cost:>{COST_CELLS}}"))
    if has_time:
        cells.append((Ink.MUTED, f"{days.brief_time(line.node.created_at, now):>{TIME_CELLS}}"))
    return tuple(cells)

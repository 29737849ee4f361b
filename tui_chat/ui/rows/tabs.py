"""Tabs: the views of a board, numbered; the one that is shown stands in brackets, so that no colour is needed."""

from collections.abc import Sequence

from tui_chat.ui.rows.rows import Ink, Row, Run, cut

GAP, NARROW_GAP = "  ", " "


def tab_row(titles: Sequence[str], active: int, width: int) -> Row:
    """`[1 Arguments]  2 Raw  3 Pieces`; where that is too wide, nearer together, then numbers alone but for the active
    one."""
    for gap, is_short in ((GAP, False), (NARROW_GAP, False), (GAP, True)):
        row = _tabs(titles, active, gap, is_short=is_short)
        if sum(len(text) for _, text in row) <= width:
            break
    return cut(row, width)


def _tabs(titles: Sequence[str], active: int, gap: str, *, is_short: bool) -> Row:
    runs: list[Run] = []
    for index, title in enumerate(titles):
        if index:
            runs.append((Ink.MUTED, gap))
        if index == active:
            runs.append((Ink.ACCENT, f"[{index + 1} {title}]"))
        else:
            runs.append((Ink.MUTED, f"{index + 1}" if is_short else f"{index + 1} {title}"))
    return tuple(runs)


def choice_row(options: Sequence[str], chosen: int) -> Row:
    """`(•) result   ( ) error`."""
    runs: list[Run] = []
    for index, option in enumerate(options):
        is_chosen = index == chosen
        runs.append((Ink.STRONG if is_chosen else Ink.MUTED, f"({'•' if is_chosen else ' '}) {option}"))
        if index < len(options) - 1:
            runs.append((Ink.MUTED, "   "))
    return tuple(runs)

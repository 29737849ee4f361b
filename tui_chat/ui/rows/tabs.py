"""Tabs: the views of a board, numbered; the one that is shown stands in brackets, so that no colour is needed."""

from collections.abc import Sequence

from tui_chat.ui.rows.rows import Ink, Row, Run, cut, flowed, width_of

GAP, NARROW_GAP = "  ", " "


def tab_row(titles: Sequence[str], active: int, width: int) -> Row:
    """`[1 Arguments]  2 Raw  3 Pieces`; where that is too wide, nearer together, then the last ones are numbers alone,
    but for the active one."""
    named, gap = _fitting(titles, active, width)
    return cut(_tabs(titles, active, named, gap), width)


def tab_rows(titles: Sequence[str], active: int, width: int) -> list[Row]:
    """The tabs with all their names, in as many rows as that takes."""
    if not hides_names(titles, active, width):
        return [tab_row(titles, active, width)]
    return flowed([(_tab(title, index, active),) for index, title in enumerate(titles)], width, separator=GAP)


def hides_names(titles: Sequence[str], active: int, width: int) -> bool:
    """Some of the tabs are numbers alone where they stand in one row."""
    return _fitting(titles, active, width)[0] < len(titles)


def _fitting(titles: Sequence[str], active: int, width: int) -> tuple[int, str]:
    """How many of the tabs have room for their names, and what stands between them."""
    ways = ((len(titles), GAP), (len(titles), NARROW_GAP), *((named, GAP) for named in range(len(titles) - 1, 0, -1)))
    fitting = (way for way in ways if width_of(_tabs(titles, active, *way)) <= width)
    return next(fitting, (0, GAP))


def _tabs(titles: Sequence[str], active: int, named: int, gap: str) -> Row:
    runs: list[Run] = []
    for index, title in enumerate(titles):
        if index:
            runs.append((Ink.MUTED, gap))
        runs.append(_tab(title if index < named or index == active else "", index, active))
    return tuple(runs)


def _tab(title: str, index: int, active: int) -> Run:
    words = f"{index + 1} {title}".rstrip()
    return (Ink.ACCENT, f"[{words}]") if index == active else (Ink.MUTED, words)


def choice_row(options: Sequence[str], chosen: int) -> Row:
    """`(•) result   ( ) error`."""
    runs: list[Run] = []
    for index, option in enumerate(options):
        is_chosen = index == chosen
        runs.append((Ink.STRONG if is_chosen else Ink.MUTED, f"({'•' if is_chosen else ' '}) {option}"))
        if index < len(options) - 1:
            runs.append((Ink.MUTED, "   "))
    return tuple(runs)

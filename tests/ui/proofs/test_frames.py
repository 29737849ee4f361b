"""Every pane and dialog says what it is, how much it holds, how one leaves it, and which keys it has; and says in words
that it is empty, has failed or waits."""

from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.screen import Screen

from tests.ui.cells import lines
from tests.ui.gallery_states.stage import Stage, staged
from tests.ui.gallery_states.table import STATES
from tests.ui.proofs.frames import FRAMES, Shown, classes
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.command import key_label
from tui_chat.ui.panes.pane import Pane
from tui_chat.ui.rows.edge import TITLE, Piece
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.theming.marks import drawn_keys

SIZE = (120, 40)
FIRST = [(kind, shown.states[0]) for kind, shown in FRAMES.items()]
OTHERS = [(kind, state) for kind, shown in FRAMES.items() for state in shown.states[1:]]
SAYING = [
    (state, words)
    for shown in FRAMES.values()
    for says in (shown.empty, shown.failed, shown.loading)
    for state, words in (says or {}).items()
]


def frame_in(stage: Stage, kind: str) -> Frame:
    """The frame of a pane or a dialog that is shown, with the focus in it."""
    screen = stage.app.screen
    assert isinstance(screen, Screen)
    if type(screen).__name__ == kind:
        return screen.query_one(Frame)
    pane = next(pane for pane in screen.query(Pane) if type(pane).__name__ == kind)
    if not pane.has_focus_within:
        pane.focus()
    return pane


def faults(frame: Frame, shown: Shown) -> Iterable[str]:
    """What is wrong with the edges of a frame."""
    top = [piece for _, piece in frame.top_edge.placed]
    if not top or top[0].tone != TITLE or not top[0].words.startswith(shown.title):
        yield f"no title: {frame.top_edge.words}"
    if shown.counts and not any(character.isdigit() for piece in top[1:] for character in piece.words):
        yield f"no count: {frame.top_edge.words}"
    if not frame.top_edge.words.rpartition(" · ")[2].startswith("Esc "):
        yield f"no way out: {frame.top_edge.words}"
    yield from (fault for edge in (frame.top_edge, frame.bottom_edge) for _, piece in edge.placed
                if (fault := fault_of_key(frame, piece)))  # fmt: skip


def fault_of_key(frame: Frame, piece: Piece) -> str:
    """What is wrong with a hint: its key has to be in force where the focus is, under the name that is shown."""
    if not piece.label:
        return ""
    labels = {
        drawn_keys(key_label(key))
        for key, active in frame.screen.active_bindings.items()
        if active.enabled and active.binding.id
    }
    unknown = [label for label in piece.label.split(" ") if label not in labels]
    return f"no such key: {piece.label} {piece.words}" if unknown else ""


def open_sides(stage: Stage) -> list[str]:
    """Rows of the frame on top that lack one of its sides."""
    region = stage.app.screen.query(Frame).first().region
    shown = lines(stage.app)[region.y : region.bottom]
    by_cell = ["".join(letter.ljust(cell_len(letter)) for letter in line) for line in shown]
    rows = [line[region.x : region.right] for line in by_cell]
    return [row for row in rows if row[:1] not in "╭│├╰" or row[-1:] not in "╮│┤╯"]


def test_every_pane_and_dialog_is_proved() -> None:
    assert set(FRAMES) == classes()


@pytest.mark.parametrize(("kind", "state"), FIRST)
async def test_a_frame_says_what_it_is_which_keys_are_in_force_and_how_one_leaves(
    kind: str, state: str, tmp_path: Path
) -> None:
    with chdir(tmp_path):
        async with staged(STATES[state], tmp_path, "dusk", SIZE) as stage:
            frame = frame_in(stage, kind)
            screen = stage.app.screen
            await stage.pilot.pause()
            assert list(faults(frame, FRAMES[kind])) == []
            times = 2 if kind == "KeyTrial" else 1
            await stage.press(*["escape"] * times)
            await stage.until(lambda: stage.app.screen is not screen or not frame.is_attached)
            assert isinstance(screen, Dialog) or screen is stage.chat


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "state"), OTHERS)
async def test_a_frame_says_what_it_is_in_its_other_states(kind: str, state: str, tmp_path: Path) -> None:
    with chdir(tmp_path):
        async with staged(STATES[state], tmp_path, "dusk", SIZE) as stage:
            frame = frame_in(stage, kind)
            await stage.pilot.pause()
            assert list(faults(frame, FRAMES[kind])) == []


@pytest.mark.slow
@pytest.mark.parametrize(("state", "words"), SAYING)
async def test_a_frame_says_in_words_why_it_shows_nothing(state: str, words: str, tmp_path: Path) -> None:
    with chdir(tmp_path):
        async with staged(STATES[state], tmp_path, "dusk", SIZE) as stage:
            await stage.settles()
            assert words in "\n".join(lines(stage.app))
            assert open_sides(stage) == []


async def test_a_frame_has_its_sides_where_nothing_is_listed(tmp_path: Path) -> None:
    with chdir(tmp_path):
        async with staged(STATES["palette-no-match"], tmp_path, "dusk", SIZE) as stage:
            assert open_sides(stage) == []

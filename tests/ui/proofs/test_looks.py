"""What is drawn in each state: text that can be read in every theme, no word cut without a mark, one kind of frame."""

import re
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Final

import pytest

from tests.ui.cells import colours, lines, runs
from tests.ui.gallery_states.stage import Stage, staged
from tests.ui.gallery_states.svg import XTERM
from tests.ui.gallery_states.table import STATES
from tests.ui.proofs.palettes import PALETTES
from tests.ui.theming.test_themes import contrast
from tui_chat.settings.theme_files import TERMINAL
from tui_chat.ui.theming.themes import apply_theme

LEAST: Final = 4.5
WIDE: Final = (200, 50)
SMALLER: Final = ((80, 24), (40, 10))
OURS: Final = set("─│╭╮╰╯├┤┼┬┴▏┆")
"""Lines of our frame, where a line between two columns meets it, and the crossing in a table; where a value grows, and
what is left out."""
LINES: Final = re.compile("[\u2500-\u257f▔▏▕]")
_ALWAYS: Final = {"find", "answer-start", "models", "tool-waiting"}
"""States in which most is drawn: selections, matches, Markdown, a table, a question."""
CASES: Final = [pytest.param(name, marks=() if name in _ALWAYS else pytest.mark.slow) for name in STATES]


def is_text(text: str) -> bool:
    """Something is written there that is read: no line, no bar, no mark alone."""
    return any(character.isalnum() for character in text)


def faint(stage: Stage, theme: str) -> Iterator[str]:
    """Texts that are too close to what they stand on."""
    palettes = PALETTES if theme == TERMINAL else {"": XTERM}
    for run in runs(stage.app):
        if not is_text(run.text):
            continue
        for name, palette in palettes.items():
            ratio = contrast(*colours(run.style, palette))
            if ratio < LEAST:
                yield f"{theme} {name} {ratio:.2f}: {run.text.strip()} ({run.style})"


def cut(before: list[str], wide: str) -> Iterator[str]:
    """Words at the right end of a row that are a piece of a longer one, with nothing that says so."""
    known = set(re.findall(r"\S+", wide))
    for line, following in zip(before, [*before[1:], ""], strict=True):
        inner = line.rstrip().removesuffix("│").rstrip("▁▂▃▄▅▆▇█▔▀▌")
        if not inner or len(line) - len(inner) > 3 or inner[-1] in " …─╮╯┤│":
            continue
        word = inner.split()[-1]
        rest = (following.lstrip(" │▌▎").split() or [""])[0]
        if is_text(word) and word not in known and word + rest not in known:
            yield f"{word!r} in {line!r}"


@pytest.mark.parametrize("name", CASES)
async def test_everything_can_be_read(name: str, tmp_path: Path) -> None:
    with chdir(tmp_path):
        async with staged(STATES[name], tmp_path, "dusk", SMALLER[0]) as stage:
            await stage.pilot.pause()
            found = list(faint(stage, "dusk"))
            for theme in ("paper", "high-contrast", TERMINAL):
                apply_theme(stage.app, stage.app.themes, theme)
                await stage.pilot.pause()
                found += faint(stage, theme)
            assert found == []


@pytest.mark.parametrize("name", CASES)
async def test_no_word_is_cut_without_a_mark_and_no_line_is_drawn_but_our_frame(name: str, tmp_path: Path) -> None:
    with chdir(tmp_path):
        async with staged(STATES[name], tmp_path, "dusk", WIDE) as stage:
            await stage.pilot.pause()
            first = lines(stage.app)
            shown: dict[tuple[int, int], list[str]] = {}
            for size in (*SMALLER, WIDE):
                await stage.pilot.resize_terminal(*size)
                await stage.pilot.pause()
                shown[size] = lines(stage.app)
            wide = "\n".join((*first, *shown[WIDE]))  # what is counted while an answer is written is told in between
            found = [f"a line: {character}" for character in set(LINES.findall(wide)) - OURS]
            found += [f"{size[0]}: {words}" for size in SMALLER for words in cut(shown[size], wide)]
            assert found == []


@pytest.mark.parametrize(
    ("line", "is_cut"),
    [
        ("│ a whole sen│", True),
        ("│ a whole sen…│", False),
        ("│ a whole sentence│", False),
        ("│ a whole    sen    │", False),
    ],
)
def test_a_word_that_is_cut_is_told_from_one_that_is_whole(line: str, is_cut: bool) -> None:
    assert bool(list(cut([line], "a whole sentence"))) is is_cut

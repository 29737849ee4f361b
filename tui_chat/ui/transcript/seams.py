"""Where an answer was continued: its text goes on as one, so that a sentence, a table or code stays whole.

The message that goes on shows the text of both; a mark stands in the margin where its own begins (`decorating`), and
the line under it says when and how. Where the model was asked to go on, a rule stands between the two.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tui_chat.core.joined_answers import joins
from tui_chat.core.sanitize import sanitize
from tui_chat.core.tree import Node
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.layouts import layout
from tui_chat.ui.transcript.leaves import JOINT
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section

_FIRST_WORDS = 12
"""Characters by which the beginning of the rest is found among what is shown."""


class Before(NamedTuple):
    """What a message goes on with."""

    text: str
    """Sanitised."""
    seams: tuple[int, ...]
    """Places in that text, its end too, at which an answer was continued."""
    pieces: tuple[Node, ...]
    """The answers before."""


def before(path: Sequence[Node], at: int) -> Before | None:
    """What the text of a message goes on with; None where it stands for itself."""
    if not joins(path, at):
        return None
    above, node = before(path, at - 1), path[at - 1]
    own = sanitize(node.message.text)
    text = own if above is None else above.text + own
    return Before(
        text,
        (*(above.seams if above is not None else ()), len(text)),
        (*(above.pieces if above is not None else ()), node),
    )


def is_continued(path: Sequence[Node], at: int) -> bool:
    """Whether the message below goes on with this one, in whatever way."""
    below = path[at + 1].marks.continues if at + 1 < len(path) else None
    return below is not None and below.of_id == path[at].id


def joint_words(when: str) -> tuple[str, str]:
    """What the line under a text says that goes on: `↳ continued 14:05 from where it stopped`; and in short."""
    short = f"{Mark.CONTINUED.drawn} continued{' ' + when if when else ''}"
    return f"{short} from where it stopped", short


def rule_words(how: str, when: str) -> str:
    """What stands between an answer and one that goes on below it."""
    return f"  ── continued{' ' + when if when else ''}{JOINT}{how} ──"


def seam_rows(renderer: Renderer, section: Section) -> set[tuple[int, int]]:
    """The leaves and their rows, gaps not counted, on which the text of a section goes on after a seam."""
    found: set[tuple[int, int]] = set()
    source = section.source
    for seam in section.seams:
        rest = source[seam:]
        at = seam + len(rest) - len(rest.lstrip())
        if at >= len(source) or section.is_folded:
            continue
        number = section.leaf_at(source.count("\n", 0, at))
        if number < len(section.leaves):
            shown = layout(renderer, section, number)
            found.add((number, shown.row_of(_place(section, number, at, shown.text))))
    return found


def _place(section: Section, number: int, at: int, shown: str) -> int:
    """The place in the text that is read of a leaf at which a character of the source stands: its first words, where
    they are nearest to where they should be."""
    lines = section.source.split("\n")
    first, end = section.line_of(number), section.line_of(number + 1)
    start = sum(len(line) + 1 for line in lines[:first])
    length = max(1, sum(len(line) + 1 for line in lines[first:end]))
    guess = min(len(shown) - 1, (at - start) * len(shown) // length)
    words = section.source[at : at + _FIRST_WORDS].split("\n")[0].strip()
    places = [place for place in range(len(shown)) if words and shown.startswith(words, place)]
    return min(places, key=lambda place: abs(place - guess), default=max(0, guess))

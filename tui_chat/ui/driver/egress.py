"""The last gate before the terminal: text that a widget failed to sanitise is made harmless here.

Every text from outside passes `core.sanitize` on its way in. This filter is the net below that, so that one forgotten
label cannot move the cursor, write the clipboard or open a link to an unchecked target.
"""

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui_chat.core.lazy_pattern import lazy_pattern

_HARMFUL = lazy_pattern("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]")
_OPENABLE = lazy_pattern(r"(?:https?://|mailto:)\S{1,4000}")


class EgressGuard(LineFilter):
    """Deletes from every painted segment the characters that a terminal would obey, and links that must not be
    opened."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the filter interface
        if all(map(_is_harmless, segments)):
            return segments
        return [segment if _is_harmless(segment) else _made_harmless(segment) for segment in segments]


def _is_harmless(segment: Segment) -> bool:
    return not _HARMFUL.search(segment.text) and (segment.style is None or _may_be_opened(segment.style))


def _may_be_opened(style: Style) -> bool:
    link = style.link
    return not link or (_OPENABLE.fullmatch(link) is not None and not _HARMFUL.search(link))


def _made_harmless(segment: Segment) -> Segment:
    text, style, control = segment
    # One column stays one column: a C0 character has no width of its own in Textual's layout.
    text = _HARMFUL.sub("", text)
    return Segment(text, style if style is None or _may_be_opened(style) else style.update_link(None), control)

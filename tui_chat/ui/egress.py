"""The last gate before the terminal: whatever a widget forgot to sanitise is made harmless here.

Every text from outside passes `core.sanitize` on its way in. This filter is the net below that, so that one forgotten
label cannot move the cursor, write the clipboard or open a link to an unchecked target.
"""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]")


class EgressGuard(LineFilter):
    """Deletes what a terminal would obey from every segment that is painted."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the filter interface
        if not any(_HARMFUL.search(segment.text) for segment in segments):
            return segments
        # One column stays one column: a C0 character has no width of its own in Textual's layout.
        return [Segment(_HARMFUL.sub("", text), style, control) for text, style, control in segments]

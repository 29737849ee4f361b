"""The block cursor: it marks a paragraph, list, code block or message part."""

from tui_chat.ui.transcript.block_text import Block, block_around
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import Section, SectionKind


class BlockCursor:
    """A place among the blocks of a transcript; it stays with its block while others come and go."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._section: Section | None = None
        self._number = 0

    @property
    def block(self) -> Block | None:
        """The block under the cursor; None where it is gone, or none was chosen yet."""
        section = self._section
        if section is not None and section not in self._transcript.sections:
            # A finished answer may take the place of the one that grew.
            same = (each for each in self._transcript.sections if each.node_id == section.node_id)
            section = self._section = next((each for each in same if each.kind is section.kind), None)
        if section is None:
            return None
        section.read(self._transcript.width)
        return block_around(section, self._number) if section.leaves else None

    def forget(self) -> None:
        """Leave every block."""
        self._section = None

    def put(self, section: Section, number: int) -> None:
        """Move to the block of a leaf."""
        self._section, self._number = section, max(0, number)

    def move(self, step: int) -> bool:
        """Move to the next block, or with -1 to the previous one; return whether there is one."""
        block = self.block
        if block is None:
            return False
        section = block.section
        number = block.end if step > 0 else block.first - 1
        if 0 <= number < len(section.leaves):
            self.put(section, number)
            return True
        at = self._transcript.sections.index(section) + step
        while 0 <= at < len(self._transcript.sections):
            section = self._transcript.sections[at]
            section.read(self._transcript.width)
            if section.leaves and is_stop(section):
                self.put(section, 0 if step > 0 else len(section.leaves) - 1)
                return True
            at += step
        return False


def is_stop(section: Section) -> bool:
    """The cursor stops here. The lines that say who answers and what time has passed, and the figures of an answer that
    says all by itself, belong to what they stand at."""
    is_figures = section.kind is SectionKind.FOOT and len(section.labels) == 1
    return section.kind not in (SectionKind.HEADER, SectionKind.TIME_GAP) and not is_figures

"""The block cursor: which paragraph, list, code block or message part stands under it, and what that is as text."""

from typing import NamedTuple

from tui_chat.ui.transcript.extraction import code_blocks
from tui_chat.ui.transcript.leaves import CUT_LINE, Kind
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import MARKDOWN_KINDS, Section, SectionKind


class Block(NamedTuple):
    """A run of leaves that belong together."""

    section: Section
    first: int
    end: int


class BlockCursor:
    """A place among the blocks of a transcript; it stays with its block while things move around it."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._section: Section | None = None
        self._number = 0

    @property
    def block(self) -> Block | None:
        """What it stands on; None where that is gone, or nothing was chosen yet."""
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
        """Stand nowhere."""
        self._section = None

    def put(self, section: Section, number: int) -> None:
        """Stand on the block of a leaf."""
        self._section, self._number = section, max(0, number)

    def move(self, step: int) -> bool:
        """To the next block, or the one before; whether there is one."""
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
    """The cursor stops here: the line that says who answers belongs to what it answers."""
    return section.kind is not SectionKind.HEADER


def block_around(section: Section, number: int) -> Block:
    """The block that a leaf belongs to."""
    return Block(section, *section.block_around(min(number, len(section.leaves) - 1)))


def block_text(block: Block) -> str:
    """A block as it was received: Markdown source, code without its fence, labels as they are shown."""
    section, first, end = block
    head = len(section.labels)
    if end <= head and not (section.is_folded and section.source):
        return "\n".join(f"{leaf.text[2:]}  {leaf.info}".rstrip() for leaf in section.labels)
    if section.kind not in MARKDOWN_KINDS or section.is_folded:
        return section.source.strip("\n") if section.kind is not SectionKind.USER else section.source
    leaves = section.leaves[first:end]
    if leaves[0].kind is Kind.CODE:
        return code_text(section, first)
    lines = section.source.split("\n")[section.line_of(first) : section.line_of(end)]
    while lines and not lines[-1].strip(" >\t"):
        lines.pop()
    return "\n".join(lines)


def code_text(section: Section, number: int) -> str:
    """The whole code block that a leaf belongs to."""
    first, end = section.block_around(number)
    leaves = section.leaves[first:end]
    if not any(CUT_LINE in leaf.text for leaf in leaves):
        return "\n".join(leaf.text for leaf in leaves)
    anchor = leaves[0].anchor
    whole = (block for block in code_blocks(section.source) if block.start == anchor)
    return next(block.token.content.removesuffix("\n") for block in whole)


def message_text(transcript: Transcript, node_id: str) -> str:
    """The Markdown of one message: its words, without reasoning and calls unless there is nothing else."""
    mine = [section for section in transcript.sections if section.node_id == node_id and section.source]
    words = [each.source for each in mine if each.kind not in (SectionKind.REASONING, SectionKind.CALL)]
    return "".join(words) or "\n\n".join(each.source for each in mine)

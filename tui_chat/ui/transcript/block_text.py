"""Blocks of the log, which are runs of leaves, and their text."""

from typing import NamedTuple

from tui_chat.core.data_urls import pictures_in
from tui_chat.core.parts import Beside, Source
from tui_chat.ui.transcript.extraction import code_blocks
from tui_chat.ui.transcript.leaves import CUT_LINE, Kind
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import MARKDOWN_KINDS, Section, SectionKind


class Block(NamedTuple):
    """A run of leaves that belong together."""

    section: Section
    first: int
    end: int


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


def beside_of(block: Block | None) -> Beside | Source | None:
    """The picture, sound, file or source that a block stands for, or the first picture that is written into it."""
    if block is None:
        return None
    if block.section.beside is not None or block.section.kind not in MARKDOWN_KINDS:
        return block.section.beside
    return next(pictures_in(block_text(block)), None)


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
    """The Markdown of one message, without reasoning and calls unless there is nothing else."""
    mine = [section for section in transcript.sections if section.node_id == node_id and section.source]
    words = [each.source for each in mine if each.kind not in (SectionKind.REASONING, SectionKind.CALL)]
    return "".join(words) or "\n\n".join(each.source for each in mine)

"""Text out of a transcript, as it was received."""

from tui_chat.ui.transcript.block_tree import Block, parse
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import SectionKind


def last_answer_text(transcript: Transcript, number: int = 1) -> str:
    """The Markdown of the last answer but `number - 1`, the growing one included; empty where there is none."""
    answers: list[str] = []
    for section in transcript.sections:
        if section.kind is SectionKind.HEADER:
            answers.append("")
        elif section.kind in (SectionKind.TEXT, SectionKind.REFUSAL) and answers:
            answers[-1] += section.source
    written = [answer for answer in answers if answer]
    return written[-number] if 0 < number <= len(written) else ""


def all_text(transcript: Transcript) -> str:
    """The source of the whole conversation."""
    kinds = (SectionKind.WELCOME, SectionKind.CALL)
    return "\n\n".join(each.source for each in transcript.sections if each.source and each.kind not in kinds)


def code_texts(transcript: Transcript) -> list[str]:
    """The texts of the last answer's code blocks, as one reads."""
    return [block.token.content.removesuffix("\n") for block in code_blocks(last_answer_text(transcript))]


def code_blocks(text: str) -> list[Block]:
    """The code blocks of a text, as one reads."""
    return _code(parse(text.split("\n"), {}))


def _code(blocks: list[Block]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if block.token.type in ("fence", "code_block"):
            found.append(block)
        found += _code(block.children)
    return found

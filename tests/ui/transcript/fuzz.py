"""Generated documents, streamed and whole: the block stream must give the same leaves for both.

    python -m tests.ui.transcript.fuzz    12,000 documents in three chunkings each, about three minutes

The suite runs a slice of the same documents.
"""

import sys

from tests.ui.transcript.documents import document, giant_document, pieces
from tui_chat.ui.transcript.blocks import BlockStream
from tui_chat.ui.transcript.leaves import Placed

DOCUMENTS = 10_000
GIANT_DOCUMENTS = 2_000
CHUNKINGS = 3
_LARGE = (120, 700, 5_000)
"""Characters in the longest piece of a giant document."""

Result = tuple[list[Placed], dict[str, object]]
"""Leaves, and where the definitions of links lead."""


def whole(text: str) -> Result:
    """What is made of a text at once."""
    stream = BlockStream()
    stream.feed(text)
    return stream.finish(), _targets(stream)


def streamed(parts: list[str]) -> Result:
    """What is made of it in pieces."""
    stream = BlockStream()
    final: list[Placed] = []
    for part in parts:
        stream.feed(part)
        final += stream.advance().final
    return final + stream.finish(), _targets(stream)


def _targets(stream: BlockStream) -> dict[str, object]:
    return {name: (found["href"], found["title"]) for name, found in stream.references.items()}


def differs(seed: int, chunkings: int = CHUNKINGS) -> bool:
    """Whether a document is another one when it streams."""
    text = document(seed)
    expected = whole(text)
    return any(streamed(pieces(text, seed * CHUNKINGS + cut)) != expected for cut in range(chunkings))


def giant_differs(seed: int, chunkings: int = CHUNKINGS) -> bool:
    """Whether a document with giant paragraphs is another one when it streams."""
    text = giant_document(seed)
    expected = whole(text)
    return any(streamed(pieces(text, seed * CHUNKINGS + cut, _LARGE)) != expected for cut in range(chunkings))


def main() -> int:
    """Print the seeds of those that differ; 1 where there are any."""
    failed = [f"document({seed})" for seed in range(DOCUMENTS) if differs(seed)]
    failed += [f"giant_document({seed})" for seed in range(GIANT_DOCUMENTS) if giant_differs(seed)]
    print(
        f"{DOCUMENTS + GIANT_DOCUMENTS:,} documents in {CHUNKINGS} chunkings: {len(failed)} differ", *failed, sep="\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Blocks that hold whole documents: where they end, streamed as parsed whole."""

import pytest

from tests.ui.transcript.fuzz import streamed, whole
from tui_chat.ui.transcript.fences import NESTED_LINES
from tui_chat.ui.transcript.leaves import Kind, Leaf

INNER = "Install it:\n\n```sh\npip install tide\n```\n\nThen:\n\n```python\nprint(1)\n```\n\n## License"
BEHIND = "That was the file. **Enjoy.**"


def leaves(text: str) -> list[Leaf]:
    """All leaves, after making sure that the text streams to the same ones by characters and by lines."""
    expected = whole(text)
    assert streamed(list(text)) == expected
    assert streamed(text.splitlines(keepends=True)) == expected
    return [placed.leaf for placed in expected[0]]


@pytest.mark.parametrize("opener", ["```markdown", "```md", "~~~md", "````markdown", "``` md title"])
def test_a_document_is_one_block_to_its_last_fence(opener: str) -> None:
    marks = opener.split("m", maxsplit=1)[0].strip()
    code, behind = leaves(f"{opener}\n{INNER}\n{marks}\n\n{BEHIND}")

    assert (code.kind, code.text) == (Kind.CODE, INNER)
    assert (behind.kind, behind.text) == (Kind.PARAGRAPH, BEHIND)


def test_a_document_may_stand_in_a_list() -> None:
    text = "- the file:\n\n" + "\n".join(f"  {line}" for line in f"```md\n{INNER}\n```".split("\n")) + f"\n\n{BEHIND}"

    assert [leaf.text for leaf in leaves(text)] == ["the file:", INNER, BEHIND]


@pytest.mark.parametrize("last", ["", "```\n"])
def test_words_after_an_unpaired_fence_are_never_taken_for_code(last: str) -> None:
    found = leaves(f"```markdown\n# Tide\n```sh\npip install tide\n{last}\n{BEHIND}" if last else f"{BEHIND}\n")

    assert (found[-1].kind, found[-1].text) == (Kind.PARAGRAPH, BEHIND)


def test_a_fence_of_another_language_ends_as_before() -> None:
    first, *_ = leaves(f"```text\n{INNER}\n```\n\n{BEHIND}")

    assert first.text == "Install it:\n\n```sh\npip install tide"


def test_while_the_end_has_not_come_all_of_it_is_code() -> None:
    text = f"```md\n{INNER}\n"

    found = whole(text + "```")[0]

    assert [placed.leaf.kind for placed in found] == [Kind.CODE]


@pytest.mark.parametrize(
    "lines", [NESTED_LINES - 20, NESTED_LINES - 13, NESTED_LINES - 12, NESTED_LINES, 3 * NESTED_LINES]
)
def test_beyond_the_lines_that_are_looked_at_the_first_bare_fence_ends_it(lines: int) -> None:
    text = "```md\n" + "line\n" * lines + f"{INNER}\n```\n\n{BEHIND}\n"
    expected = whole(text)

    assert streamed(text.splitlines(keepends=True)) == expected
    is_document = [placed.leaf.kind for placed in expected[0]].count(Kind.HEADING) == 0
    assert is_document == (lines + 1 + INNER.count("\n") < NESTED_LINES)

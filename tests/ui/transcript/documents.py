"""Generated Markdown, made of the lines that parsers stumble over."""

import random

_LINES = (
    *("word", "two words", "# head", "## ", "std::vector<int>", "<div>", "</div>", "**bold", "`code`", "\\", "&amp;"),
    *("- a", "- ", "-", "  - b", "    - c", "* x", "+ p", "1. one", "1) p", "2. two", "10. ten", "1.", "- - c"),
    *("   - n", "   1. in", "- [ ] todo", "- [x] done", "-   pad", "-      code?", "- \tt"),
    *("> q", "> > qq", ">", "> - ql", "> ```", "- > q", "> 1. a", "  > nq"),
    *(
        "```",
        "```py",
        "  ```",
        "```md",
        "````markdown",
        "- ```md",
        "~~~",
        "    code",
        "\tcode",
        "---",
        "===",
        "***",
        "  text",
        "   text",
        "      deep",
    ),
    *(
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "a | b",
        "--|--",
        "| x | y | z |",
        "  | a | b |",
        "  |---|---|",
        "- a | b",
        "  --|--",
    ),
    *("[a]: /url", "[a]: /url 'title", "title'", "[b]:", "/u2", "see [a] and [b]", "", "", "", "", ""),
)


def document(seed: int) -> str:
    """One document; the same for the same seed."""
    rng = random.Random(seed)
    lines = _LINES if rng.random() < 0.5 else (*rng.sample(_LINES, rng.randint(3, 9)), "")
    count = rng.choice((3, 6, 10, 20, 60))
    if rng.random() < 0.1:
        return "- item\n  ```\n" + "  line\n" * rng.randint(30, 100) + "\n".join(rng.choices(lines, k=count))
    return "\n".join(rng.choices(lines, k=count)) + rng.choice(("", "\n"))


def pieces(text: str, seed: int, longest: tuple[int, ...] = (1, 12, 80)) -> list[str]:
    """The text cut at arbitrary places: into characters, crumbs or chunks."""
    rng = random.Random(seed)
    largest = rng.choice(longest)
    cut: list[str] = []
    at = 0
    while at < len(text):
        size = rng.randint(1, largest)
        cut.append(text[at : at + size])
        at += size
    return cut


_GIANT_WORDS = (
    *(
        "word",
        "and",
        "|",
        "some",
        "`code`",
        "more",
        "**bold",
        "text**",
        "here",
        "[a]",
        "é",
        "漢字",
        "42",
        "-",
        "#",
        ">",
    ),
    *("```", "a|b", "tail_word", "[x](y)", "===", "1.", "---", "\t", "end"),
)
_UNBROKEN_WORDS = ("漢", "a1", "--", "==", "0123456789")
_BEFORE = (
    *("```js\n", "    "),
    *("", "", "", "[a]: /u\n", "[a]: ", "[a]: /u 'ti", "[long", "a | b\n", "- [ ] "),
    *("## ", "x\n# ", "| a | b |\n|---|---|\n| 1 | 2 |\n| ", "a | b\n--|--\n"),
)
_BELOW = ("---", "===", "--|--", "| - | - |", "", "'", "-", "- b", "> c", "```", "  d")


def giant_document(seed: int) -> str:
    """Giant paragraphs, on one line and on many, alone and in quotes and items, with what could change them around."""
    rng = random.Random(seed)
    parts: list[str] = []
    for _ in range(rng.randint(1, 3)):
        parts += rng.choices(_LINES, k=rng.randint(0, 4))
        giant = rng.choice(_BEFORE) + _giant_paragraph(rng)
        opening, inside = rng.choice(
            (
                ("", ""),
                ("", ""),
                ("> ", rng.choice(("> ", ""))),
                ("- ", rng.choice(("  ", ""))),
                ("- a\n  - > ", "    > "),
            )
        )
        parts += [opening + giant.replace("\n", "\n" + inside), rng.choice(_BELOW)]
    return "\n".join(parts)


def _giant_paragraph(rng: random.Random) -> str:
    size = rng.choice((2_500, 6_500, 9_500, 13_000, 20_000))
    longest_line = rng.choice((size, 30, 80, 2_950, 3_100, 7_000))
    words, space = rng.choice(((_GIANT_WORDS, " "), (_GIANT_WORDS, " "), (_UNBROKEN_WORDS, "")))
    lines: list[str] = []
    while size > 0:
        line = rng.choice(("", "", "  ", "     ")) * bool(lines)
        while len(line) < min(size, longest_line):
            line += rng.choice(words) + space
        lines.append(line)
        size -= len(line)
    return "\n".join(lines).lstrip()

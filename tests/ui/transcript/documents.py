"""Generated Markdown, made of the lines that parsers stumble over."""

import random

_LINES = (
    *("word", "two words", "# head", "## ", "std::vector<int>", "<div>", "</div>", "**bold", "`code`", "\\", "&amp;"),
    *("- a", "- ", "-", "  - b", "    - c", "* x", "+ p", "1. one", "1) p", "2. two", "10. ten", "1.", "- - c"),
    *("   - n", "   1. in", "- [ ] todo", "- [x] done", "-   pad", "-      code?", "- \tt"),
    *("> q", "> > qq", ">", "> - ql", "> ```", "- > q", "> 1. a", "  > nq"),
    *("```", "```py", "  ```", "~~~", "    code", "\tcode", "---", "===", "***", "  text", "   text", "      deep"),
    *("| a | b |", "|---|---|", "| 1 | 2 |", "a | b", "--|--", "| x | y | z |", "  | a | b |", "  |---|---|"),
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


def pieces(text: str, seed: int) -> list[str]:
    """The text cut at arbitrary places: into characters, crumbs or chunks."""
    rng = random.Random(seed)
    longest = rng.choice((1, 12, 80))
    cut: list[str] = []
    at = 0
    while at < len(text):
        size = rng.randint(1, longest)
        cut.append(text[at : at + size])
        at += size
    return cut

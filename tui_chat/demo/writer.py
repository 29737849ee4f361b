"""demo/writer: Markdown of every kind, different for every prompt, as long as the prompt asks for."""

import re
from collections.abc import Iterator

from tui_chat.demo import prose, snippets, verse
from tui_chat.demo.seed import number, pick, sample

_LENGTH = re.compile(r"(\d[\d,.\s']*\d|\d)\s*k?[\s-]*words?\b", re.IGNORECASE)
_PAGES = re.compile(r"(\d+)\s*pages?\b", re.IGNORECASE)
_TASK = re.compile(
    r"^(please\s+)?((can|could|would) you\s+)?(please\s+)?(write|compose|draft|create|give|make|produce|generate|"
    r"explain|describe|tell|show|compare|discuss|summari[sz]e|list|what(['’]s| is| are)|how (do|does))\b(\s+(me|us))?",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"^\s*(an?|the|some)?\s*((very|really)\s+)?(short|long|nice|detailed)?\s*(essay|article|text|story|guide|report|post|"
    r"introduction|overview|piece|document|markdown|words?|pages?|paragraphs?|demo|example|answer|table|something)\b"
    r"(\s+(about|on|of|to|for))?\s*|^\s*(about|on|what|how)\s+",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"[\s,]*\b(with|in|as|and) (\w+ )?(markdown|code|tables?|lists?|details?|examples?)\b.*$"
    r"|[\s,]+(is|are|means?|works?)$",
    re.IGNORECASE,
)
_GREETING = re.compile(r"^\W*(hi|hello|hey|test|go|start)\b.{0,12}$", re.IGNORECASE | re.DOTALL)
_SIGNS = " .!?,:;"
_MAX_WORDS = 50_000
_USUAL_WORDS = 550
_WORDS_A_PAGE = 400
_MAX_SKIPPED = 6
"""Parts that may be skipped as too long for the rest before the text ends a little short."""


def write(prompt: str) -> str:
    """Write in the form that the prompt names (haiku, slogan, three tips …), else an article."""
    topic = topic_of(prompt)
    return verse.short(prompt, topic) or _article(prompt, topic)


def topic_of(prompt: str) -> str:
    """Find the topic of the prompt, as words that fit into a sentence."""
    first = prompt.strip().splitlines()[0] if prompt.strip() else ""
    text = _TASK.sub("", _LENGTH.sub("", first), count=1).strip(_SIGNS)
    while (shorter := _KIND.sub("", text, count=1).strip(_SIGNS)) != text:
        text = shorter
    text = _ENDING.sub("", text).strip(_SIGNS)
    words = text.split()
    usable = 0 < len(words) <= 8 and not _GREETING.match(prompt)
    return " ".join(words) if usable else "writing while somebody reads along"


def words_asked(prompt: str) -> int:
    """Find the number of words that the prompt asks for."""
    if found := _LENGTH.search(prompt):
        figure = int(re.sub(r"\D", "", found[1])[:7])
        return min(_MAX_WORDS, max(1, figure * (1000 if re.search(r"\dk", found[0], re.IGNORECASE) else 1)))
    if found := _PAGES.search(prompt):
        return min(_MAX_WORDS, max(1, int(found[1][:4])) * _WORDS_A_PAGE)
    return _USUAL_WORDS


def _article(prompt: str, topic: str) -> str:
    wanted = words_asked(prompt)
    parts: list[str] = []
    words = skipped = 0
    for part in _parts(prompt, topic):
        size = len(part.split())
        if parts and words + size > wanted * 1.1:
            skipped += 1
        else:
            parts.append(part)
            words += size
        if words >= wanted * 0.95 or skipped > _MAX_SKIPPED:
            break
    return "\n\n".join(parts) + "\n"


def _parts(prompt: str, topic: str) -> Iterator[str]:
    """Yield blocks of Markdown without end: a title, then chapters with code, lists, tables and quotes."""
    seed = number(prompt)
    yield f"# {prose.capitalised(topic)}"
    yield prose.paragraph(topic, seed) + " " + _emphasis(prompt)
    languages = snippets.named(prompt) + sample(list(snippets.SNIPPETS), 10, prompt, "code")
    languages = list(dict.fromkeys(languages))
    specials = sample((_list, _table, _tasks, _quote), 4, prompt, "order")
    headings = sample(prose.HEADINGS, len(prose.HEADINGS), prompt, "headings")
    chapter = 0
    while True:
        heading = headings[chapter % len(headings)]
        again = chapter // len(headings)
        title = f"## {heading}" + (f", part {again + 1}" if again else "")
        yield f"{title}\n\n{prose.paragraph(topic, seed + 2 * chapter + 1)}"
        if chapter % 2 == 0:
            language = languages[chapter // 2 % len(languages)]
            lead = f"{pick(_LEADS, prompt, language)} {_spoken(language)}:"
            yield f"{lead}\n\n```{language}\n{snippets.SNIPPETS[language]}```"
        yield specials[chapter % len(specials)](topic, f"{prompt}{chapter}")
        if chapter % 3 == 2:
            yield prose.paragraph(topic, seed + 2 * chapter + 2)
        if chapter % 5 == 4:
            yield "---"
        chapter += 1


_LEADS = (
    "To make it concrete, the same habit in",
    "Small parts that are joined as they come, here in",
    "An aside for those who would rather read",
    "Put more exactly, in",
)


def _spoken(language: str) -> str:
    shown = {
        "sql": "SQL",
        "json": "JSON",
        "html": "HTML",
        "typescript": "TypeScript",
        "bash": "shell",
        "diff": "a diff",
    }
    return shown.get(language, prose.capitalised(language))


def _emphasis(seed: str) -> str:
    return pick(
        (
            "If you keep **one** thing, keep the *first paragraph*; it is where ~~clever~~ honest writing begins.",
            "Read it *slowly*, or **not at all**: the `middle` is where the work is.",
            "The short version is **bold**, the long one *leans a little*, and `code` says what both mean.",
        ),
        seed,
        "emphasis",
    )


_POINTS = (
    ("Decide what is fixed", ("the promise to the reader", "the order of the steps")),
    (
        "Find the smallest whole",
        ("something that works alone", "something that can be shown", "something to throw away"),
    ),
    ("Make it visible", ("say what is happening", "say what will happen next")),
    ("Leave a way back", ("nothing is lost by stopping", "nothing is changed by looking")),
    ("Measure before and after", ("once for the number", "once for the doubt")),
    ("Write down the reason", ("not what was done", "but what was nearly done instead")),
    ("Let others try", ("without your help", "without your machine", "without your patience")),
)


def _list(topic: str, seed: str) -> str:
    lines = [f"What to keep in mind about {topic}:", ""]
    for at, (point, details) in enumerate(sample(_POINTS, 4, seed), 1):
        lines.append(f"{at}. **{point}**")
        lines.extend(f"   - {detail}" for detail in details)
        if at == 2:
            lines.append("     - and, one level deeper, the *exception* that proves it")
    return "\n".join(lines)


_ROWS = (
    ("By hand", "minutes", "low", "Good for the first ten times"),
    ("With a script", "seconds", "medium", "Somebody must own it"),
    ("Streamed", "at once", "medium", "Feels faster than it is"),
    ("In a batch", "hours", "low", "Cheap, and easy to forget"),
    ("Not at all", "none", "none", "More often right than one thinks"),
    ("By committee", "weeks", "high", "Everybody agrees, nobody is happy"),
)


def _table(topic: str, seed: str) -> str:
    head = "| Way | Time | Effort | Remark |\n| :--- | ---: | :---: | :--- |"
    rows = "\n".join(f"| {' | '.join(row)} |" for row in sample(_ROWS, 4, seed))
    return f"Ways to go about {topic}, compared:\n\n{head}\n{rows}"


_STEPS = (
    "Read what is there", "Name the parts", "Try the smallest case", "Show it to somebody", "Remove what nobody missed",
    "Write the example first", "Check the numbers twice", "Plan the second version", "Sleep on it",
)  # fmt: skip


def _tasks(_topic: str, seed: str) -> str:
    steps = sample(_STEPS, 5, seed)
    done = 1 + number(seed) % 3
    return "Where that leaves us:\n\n" + "\n".join(
        f"- [{'x' if at < done else ' '}] {step}" for at, step in enumerate(steps)
    )


_QUOTES = (
    ("Perfection is reached not when there is nothing left to add, but when there is nothing left to take away.",
     "after Antoine de Saint-Exupéry", "https://en.wikipedia.org/wiki/Antoine_de_Saint-Exup%C3%A9ry"),
    ("What is written without effort is in general read without pleasure.",
     "Samuel Johnson", "https://en.wikipedia.org/wiki/Samuel_Johnson"),
    ("Premature optimization is the root of all evil.",
     "Donald Knuth", "https://en.wikipedia.org/wiki/Program_optimization"),
    ("The purpose of computing is insight, not numbers.",
     "Richard Hamming", "https://en.wikipedia.org/wiki/Richard_Hamming"),
)  # fmt: skip


def _quote(_topic: str, seed: str) -> str:
    text, who, link = pick(_QUOTES, seed)
    return f"> {text}\n>\n> — [{who}]({link})"

"""demo/guide: answers questions about this program by quoting the sections of its manual that fit best.

Simple retrieval: words are weighted by how rare they are, and titles count more than text. Since it quotes, it says
nothing that the manual does not.
"""

import functools
import math
import re
from collections import Counter

import msgspec

from tui_chat.demo.plan import Plan, Say
from tui_chat.demo.seed import pick
from tui_chat.manual import Page, Section

_WORD = re.compile(r"[a-z0-9]+(?:[+-][a-z0-9]+)*")
_COMMAND = re.compile(r"`(/[a-z]+)")
_GREETING = re.compile(r"^\W*(hi|hello|hey|hallo|hola|salut|good (morning|evening|afternoon)|moin)\b\W*\w*\W*$", re.I)
_THANKS = re.compile(r"^\W*(thanks?|thank you|thx|great|nice|cool|ok(ay)?|perfect)\b.{0,20}$", re.I)
_DULL = frozenset(
    _WORD.findall(
        "a about all am an and any are as at be but by can could do does for from get give had has have how i "
        "if in into is it its just let like me mean my no not of on one or our out please program shall "
        "should show so some tell than that the their them then there these they this to too tui tui-chat up "
        "us use want was way we what when where which who why will with work works would happen happens you "
        "your explain "
        "help "
    )
)
_WHOLE = frozenset({"keys", "key"})
"""Words that are not stemmed: a key opens the gateway, keys are pressed."""
_ALSO = {
    "price": "cost", "prices": "cost", "money": "cost", "spend": "cost", "spent": "cost", "expensive": "cost",
    "exit": "quit", "leave": "quit", "close": "quit", "shortcut": "keys", "shortcuts": "keys", "keyboard": "keys",
    "hotkeys": "keys", "keybindings": "keys", "abort": "stop", "cancel": "stop", "interrupt": "stop",
    "history": "conversations", "chats": "conversations", "sessions": "conversations", "colour": "theme",
    "color": "theme", "colors": "theme", "colours": "theme", "dark": "theme", "light": "theme", "config": "settings",
    "configuration": "settings", "configure": "settings", "script": "ask", "pipe": "ask", "headless": "ask",
    "switch": "choosing", "change": "choosing", "choose": "choosing", "select": "choosing", "login": "connect",
    "function": "tools", "functions": "tools", "multiline": "newline", "search": "find", "store": "files",
    "stored": "files", "incognito": "temporary", "private": "privacy", "safe": "privacy", "secret": "privacy",
    "budget": "max-cost", "error": "failed", "editor": "ctrl+g", "telemetry": "privacy", "begin": "started",
    "broke": "breaks", "broken": "breaks",
}  # fmt: skip
"""Words of questions, with the word of the manual that is likely meant."""
_ENOUGH = 1.5
_COVERED = 0.5
"""Least share of the question's words that a section must have, rare words weighing more."""


class _Entry(msgspec.Struct, frozen=True):
    page: Page
    section: Section
    head: Counter[str]
    body: Counter[str]


def answer(question: str, pages: tuple[Page, ...], *, is_first: bool) -> Plan:
    """Answer a greeting with one, a question with the best sections of the manual, anything else with its topics."""
    if _GREETING.match(question) or not _asked(question):
        return Plan((Say(_greeting(pages)),))
    if _THANKS.match(question):
        return Plan((Say("You are welcome. Ask on, or type `/help` for the whole manual.\n"),))
    hits = find(question, pages)
    return Plan((Say(_quoted(question, hits) if hits else _unknown(question, pages, is_first=is_first)),))


def find(question: str, pages: tuple[Page, ...]) -> list[tuple[Page, Section]]:
    """Find one or two sections that answer the question, the best first; empty where none fits."""
    entries, rarity = _index(pages)
    if not entries:
        return []
    asked = _asked(question)
    for page in pages:
        if len(asked) == 1 and set(_words(page.title)) <= asked[0]:
            return [(page, section) for section in page.sections if section.title][:2]
    scored = [(_score(asked, entry, rarity), number) for number, entry in enumerate(entries)]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    best, first = scored[0]
    if best < _ENOUGH or _covered(asked, entries[first], rarity) < _COVERED:
        return []
    return [(entries[number].page, entries[number].section) for score, number in scored[:2] if score >= 0.75 * best]


def _asked(question: str) -> list[set[str]]:
    """Split the question into words, each with the word of the manual that may be meant."""
    words = dict.fromkeys(word for word in _WORD.findall(question.lower()) if word not in _DULL)
    return [{_stem(word), _stem(_ALSO.get(word, word))} for word in words]


def _covered(asked: list[set[str]], entry: _Entry, rarity: dict[str, float]) -> float:
    unknown = max(rarity.values())
    weights = [max(rarity.get(word, unknown) for word in meanings) for meanings in asked]
    known = [any(entry.head[word] or entry.body[word] for word in meanings) for meanings in asked]
    return sum(weight for weight, is_known in zip(weights, known, strict=True) if is_known) / sum(weights)


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _DULL]


def _stem(word: str) -> str:
    if word in _WHOLE:
        return word
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word.removesuffix(ending)
            return stem[:-1] if stem[-1] == stem[-2] and stem[-1] not in "ls" else stem
    return word


@functools.lru_cache(maxsize=4)
def _index(pages: tuple[Page, ...]) -> tuple[list[_Entry], dict[str, float]]:
    entries = [
        _Entry(
            page,
            section,
            Counter(_words(f"{page.title} {section.title} {section.title}")),
            Counter(_words(section.text)),
        )
        for page in pages
        for section in page.sections
    ]
    spread = Counter(word for entry in entries for word in entry.head.keys() | entry.body.keys())
    return entries, {word: math.log(1 + len(entries) / seen) for word, seen in spread.items()}


def _score(asked: list[set[str]], entry: _Entry, rarity: dict[str, float]) -> float:
    size = 1 + math.log(1 + entry.body.total() / 60) / 2
    return sum(max(_weight(word, entry, size) * rarity.get(word, 0.0) for word in meanings) for meanings in asked)


def _weight(word: str, entry: _Entry, size: float) -> float:
    body = 0.8 + 0.4 * math.log(entry.body[word]) if entry.body[word] else 0.0
    return 1.2 * min(entry.head[word], 3) + body / size


def _quoted(question: str, hits: list[tuple[Page, Section]]) -> str:
    opening = pick(("Here is what the manual says.", "That is in the manual.", "From the manual:"), question)
    parts = [opening]
    for page, section in hits:
        where = page.title if not section.title else f"{page.title} › {section.title}"
        parts.append(f"### {where}\n\n{section.text}")
    commands = list(dict.fromkeys(command for _, section in hits for command in _COMMAND.findall(section.text)))
    related = " ".join(f"`{command}`" for command in commands[:6])
    parts.append(
        f"*Related:* {related} · the whole manual is under F1." if related else "*The whole manual is under F1.*"
    )
    return "\n\n".join(parts) + "\n"


def _greeting(pages: tuple[Page, ...]) -> str:
    topics = "\n".join(f"- {page.title}" for page in pages)
    return (
        "Hello! I am the guide, a small scripted model that lives inside this program. Nothing you type here leaves "
        "your machine.\n\n"
        "Ask me anything about the program, for example *How do I stop an answer?* or *Where are my conversations?*\n\n"
        "Or try my colleagues:\n\n"
        "| type | to see |\n| --- | --- |\n"
        "| `/model demo/writer` | a long answer with lists, tables and code |\n"
        "| `/model demo/thinker` | reasoning before the answer, and honest sums |\n"
        "| `/model demo/tools` | tool calls with arguments that arrive piece by piece |\n"
        "| `/model demo/flaky` | what failures look like |\n\n"
        f"I know these pages:\n\n{topics}\n\n"
        "When you have a key, `/connect` brings you to real models.\n"
    )


def _unknown(question: str, pages: tuple[Page, ...], *, is_first: bool) -> str:
    topics = ", ".join(f"*{page.title}*" for page in pages)
    meeting = "I am the guide: I only know this program, by heart. " if is_first else "I only know this program. "
    offer = pick(
        (
            "For something longer try `/model demo/writer`; for a sum, `/model demo/thinker`.",
            "`/model demo/writer` writes about anything, and `/model demo/thinker` does sums.",
        ),
        question,
    )
    return (
        f"{meeting}My manual says nothing about that.\n\nIts pages are {topics}. "
        f"{offer}\n\nA real model is one `/connect` away.\n"
    )

"""Words as the search of the manual compares them: without their endings; commands, keys and flags in one piece.

`meanings` adds to a newcomer's word what the manual may call the same thing.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

LONGEST_QUESTION: Final = 1_000
"""Characters of a question that are read."""
SYNONYM: Final = 0.8
"""What a word of the same meaning counts; the word itself counts 1."""
REFUSAL: Final = 0.5
"""What "not" counts: it says that something fails, seldom what."""

_TOKEN: Final = re.compile(
    r"(?<![\w/.~])/[a-z]+(?![\w/.])|(?<![\w-])--?[a-z][a-z-]*|~(?!/)|[▲✗✓★●◆■○▣↳]|\w+(?:[.'’+-]\w+)*"
)
_KEY: Final = re.compile(
    r"(?:(?<!\w)\^|\b(?:(ctrl|control|alt|option|shift|cmd)\s?[+-]\s?|(ctrl|control|alt|shift)\s))"
    r"([a-z]|enter|space|backspace|home|end|left|right|up|down)\b"
)
_MODIFIERS: Final[Mapping[str, str]] = {"control": "ctrl", "option": "alt", "": "ctrl"}
_PART: Final = re.compile(r"[^\W_]+")
_SIGNS: Final[Mapping[str, str]] = {
    "~": "tilde", "▲": "triangle", "✗": "cross", "✓": "tick", "★": "star", "●": "dot", "◆": "diamond", "■": "square",
    "○": "circle", "▣": "box", "↳": "arrow",
}  # fmt: skip
"""Signs by what a person calls them, who cannot type them."""

_PHRASES: Final[Mapping[str, str]] = {
    "log in": "connect", "sign in": "connect", "get out": "quit", "shut down": "quit", "go back": "resume",
    "turn off": "off", "switch off": "off", "turned off": "off", "new line": "newline", "line break": "newline",
    "dark mode": "dark theme", "light mode": "light theme", "for good": "", "how much": "cost", "cut off": "breaks",
    "broke off": "breaks", "breaks off": "breaks", "no longer": "not", "not work": "not", "start over": "new",
    "is down": "unreachable", "be down": "unreachable", "goes down": "unreachable", "not answer": "unreachable",
    "by mistake": "", "by accident": "", "should i take": "choose",
    "should i use": "choose", "check mark": "tick",
    "wi-fi": "wifi",
}  # fmt: skip
"""Pairs of words that mean something else than each of them."""
_PHRASE: Final = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b")

_DULL: Final = """
a about actually all am an and any anything are as at be been being but by can could did do does explain for from get
gets give got had happen happens has have help how i if in into is it its just know let like make may me mean means my
need of on one or our out please possible program ran said say says shall should show so some somebody someone
something tell than that the their them then there these they thing this through to too tui tui-chat up us use used
using want was way we were what when which who why will with without work works would you your
"""
"""Words that say nothing of what a question is about."""

_REFUSALS: Final = """
no not cannot cant doesnt dont wont isnt didnt couldnt nothing fails failed failing broken trouble problem
"""
"""Words that say that something fails."""

_SAME: Final = (
    "quit exit leave close bye",
    "cost price money bill spend spent expensive charge pay paid dollars",
    "limit budget cap maximum",
    "free gratis",
    "stop cancel abort interrupt halt",
    "theme colour color dark light appearance",
    "file folder directory document",
    "picture image photo screenshot",
    "sound audio recording voice mp3 wav",
    "pdf paper",
    "attach send upload drop",
    "copy clipboard",
    "resume continue reopen old earlier yesterday previous",
    "conversation chat history session discussion thread",
    "find search",
    "delete remove erase wipe",
    "keys shortcut keyboard keybinding hotkey",
    "save store stored keep kept",
    "export save download",
    "connect login reach connection",
    "settings config configuration preferences option",
    "newline multiline",
    "reasoning thinking thought",
    "hide fold collapse unfold",
    "ask script pipe headless automate",
    "retry again redo regenerate another",
    "switch change choose select pick",
    "slow hang hangs stuck frozen time timeout forever",
    "wrong strange garbled weird odd invalid",
    "failed error broken",
    "privacy private telemetry tracking spy safe secure secret",
    "temporary incognito private",
    "question prompt message",
    "notify notification alert bell beep",
    "address url link",
    "machine computer laptop local localhost",
    "internet network online offline wifi wlan unreachable reached",
    "mark sign symbol icon glyph",
    "cross x",
    "tick checkmark",
    "star asterisk",
    "dot bullet circle",
    "tools function functions",
    "reader blind accessible accessibility braille",
    "behave persona instructions role",
    "rename title",
    "update upgrade",
    "install uninstall",
    "editor ctrl+g",
    "breaks broke incomplete",
    "balance credit",
)
"""Words of one meaning on each line."""

_DULL_WORDS: Final = frozenset(_DULL.split())
_REFUSAL_WORDS: Final = frozenset(_REFUSALS.split())


def words(text: str) -> Iterator[str]:
    """Words of a text, without those that say nothing: `/retry` is `/retry` and `retry`."""
    return chain.from_iterable(_forms(token) for token in _tokens(text))


def meanings(question: str) -> list[Mapping[str, float]]:
    """Each word of a question once: what may stand for it in the manual, and how much that counts."""
    asked: dict[str, Mapping[str, float]] = {}
    for token in _tokens(_PHRASE.sub(lambda match: _PHRASES[match[0]], question[:LONGEST_QUESTION].lower())):
        if forms := _forms(token):
            asked.setdefault(forms[0], _meanings(token, forms))
    return list(asked.values())


def _meanings(token: str, forms: tuple[str, ...]) -> Mapping[str, float]:
    if token in _REFUSAL_WORDS:
        return dict.fromkeys(_REFUSED, REFUSAL)
    counts = {forms[0]: 1.0} | dict.fromkeys(forms[1:], SYNONYM)
    also = chain.from_iterable(sorted(_ALSO.get(form, ())) for form in forms)
    as_all = ("500",) if re.fullmatch(r"5\d\d", token) else ()
    return counts | {word: SYNONYM for word in (*also, *as_all) if word not in counts}


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(_KEY.sub(_key, text.lower())):
        yield match[0].removesuffix("'s").removesuffix("’s").replace("'", "").replace("’", "")


def _key(match: re.Match[str]) -> str:
    modifier = match[1] or match[2] or ""
    return f"{_MODIFIERS.get(modifier, modifier)}+{match[3]}"


def _forms(token: str) -> tuple[str, ...]:
    """The token, then its parts where it has some: `--max-cost`, `max`, `cost`; empty for a dull word."""
    token = _SIGNS.get(token, token)
    if token in _DULL_WORDS:
        return ()
    if token.isalnum():
        return (stem(token),)
    parts = [] if "+" in token else _PART.findall(token)
    return (token, *(stem(part) for part in parts if len(part) > 1 and part not in _DULL_WORDS))


def stem(word: str) -> str:
    """A word without the ending of its form: `copy` and `copies` are one; `keys` are pressed, and a `key` is not."""
    if word == "keys" or len(word) < 4:
        return word
    for ending in ("ations", "ation", "ions", "ion", "ings", "ing", "ies", "ed", "es", "s"):
        stripped = word.removesuffix(ending)
        if len(stripped) < 3 or stripped == word or (ending == "s" and word.endswith(("ss", "us", "is"))):
            continue
        word = stripped[:-1] if stripped[-1] == stripped[-2] and stripped[-1] not in "lsz" else stripped
        break
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


_REFUSED: Final = tuple(stem(word) for word in ("not", "cannot", "failed", "wrong", "troubleshooting"))


def _same_words() -> Mapping[str, frozenset[str]]:
    also: dict[str, frozenset[str]] = {}
    for line in _SAME:
        group = frozenset(stem(word) for word in line.split())
        for word in group:
            also[word] = also.get(word, frozenset()) | group - {word}
    return also


_ALSO: Final = _same_words()

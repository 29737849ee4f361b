"""The language of a long text in a call's arguments, by what stands around it; never by guessing at its words alone.

The name of its field, the ending of a path beside it, a field that names the language, or a first line that leaves no
doubt.
"""

import re
from collections.abc import Mapping
from typing import Final

TEXT: Final = "text"

_BY_FIELD: Final = (
    (
        re.compile(r"sql|query", re.IGNORECASE),
        "sql",
        re.compile(r"\s*(select|insert|update|delete|with|create)\b", re.I),
    ),
    (re.compile(r"diff|patch", re.IGNORECASE), "diff", None),
    (re.compile(r"^(command|cmd|bash|shell|script)$", re.IGNORECASE), "shell", None),
    (re.compile(r"html", re.IGNORECASE), "html", None),
    (re.compile(r"markdown|^md$", re.IGNORECASE), "markdown", None),
    (re.compile(r"python", re.IGNORECASE), "python", None),
    (re.compile(r"javascript|^js$", re.IGNORECASE), "javascript", None),
)
_BY_BEGINNING: Final = (
    (re.compile(r"(diff --git |--- \S|\*\*\* Begin Patch|@@ )"), "diff"),
    (re.compile(r"#!.*\b(bash|sh|zsh)\b"), "shell"),
    (re.compile(r"#!.*\bpython"), "python"),
    (re.compile(r"\s*<!doctype html|\s*<html", re.IGNORECASE), "html"),
    (re.compile(r"<\?xml "), "xml"),
    (re.compile(r"<\?php"), "php"),
)
_ENDINGS: Final[Mapping[str, str]] = {
    "py": "python",
    "js": "javascript",
    "mjs": "javascript",
    "ts": "typescript",
    "tsx": "typescript",
    "jsx": "javascript",
    "rs": "rust",
    "go": "go",
    "c": "c",
    "h": "c",
    "cc": "c++",
    "cpp": "c++",
    "hpp": "c++",
    "java": "java",
    "kt": "kotlin",
    "rb": "ruby",
    "php": "php",
    "sh": "shell",
    "bash": "shell",
    "sql": "sql",
    "html": "html",
    "css": "css",
    "json": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "md": "markdown",
    "xml": "xml",
    "diff": "diff",
    "patch": "diff",
}
_PATH: Final = re.compile(r"path|file|name|target", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"^(language|lang|syntax)$", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z][\w+#.-]{0,19}")
_CONTENT: Final = re.compile(r"content|code|text|source|body|str|string|data", re.IGNORECASE)


def language_of(field: str, beginning: str, beside: Mapping[str, str]) -> str:
    """Name the language of a text in the field `field`, or `text`. `beside` are the short texts of the other fields."""
    for pattern, language in _BY_BEGINNING:
        if pattern.match(beginning):
            return language
    for pattern, language, needed in _BY_FIELD:
        if pattern.search(field) and (needed is None or needed.match(beginning)):
            return language
    if not _CONTENT.search(field):
        return TEXT
    for name, value in beside.items():
        if _LANGUAGE.match(name) and _WORD.fullmatch(value):
            return value.lower()
    for name, value in beside.items():
        ending = value.rpartition(".")[2].lower()
        if _PATH.search(name) and ending in _ENDINGS:
            return _ENDINGS[ending]
    return TEXT

"""Mentions, `@path` in a prompt: how they are found in a text, and how a path is written as one.

A mention begins where a word begins, so that an e-mail address is none, and ends with the word. A path with white
space or anything unusual in it stands in quotes, as a JSON string: so every file name can be written into a prompt,
and no control character gets there with it.
"""

import json
from collections.abc import Collection, Iterator

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.sanitize import sanitize
from tui_chat.core.slash import slash_line

_BEGIN = r"(?<![A-Za-z0-9_.%+\-/\\@\"'`=:&])@"
_QUOTED = r'"((?:[^"\\\n]|\\.)*)'
_MENTION = lazy_pattern(rf'{_BEGIN}(?:{_QUOTED}"|([^\s"@]\S*))')
_BEGUN = lazy_pattern(rf'{_BEGIN}(?:{_QUOTED}|([^\s"@][^\s]*|))$')
_PLAIN = lazy_pattern(r"[^\s\"'`@\\]*[^\s\"'`@\\.,;:!?)\]}>]")
_BEHIND = ".,;:!?)]}>'\"`…。，、；：！？）」』"
"""Punctuation that may follow a path without a space."""


class Mention(msgspec.Struct, frozen=True):
    """A word that may name a file."""

    start: int
    """Position of its `@`."""
    end: int
    path: str
    is_quoted: bool = False

    def readings(self) -> Iterator[str]:
        """Yield the path as it stands, then without its last punctuation, character by character."""
        path = self.path
        yield path
        while not self.is_quoted and path[-1:] and path[-1] in _BEHIND and len(path) > 1:
            path = path[:-1]
            yield path


def mentions_in(text: str) -> Iterator[Mention]:
    """Find the words of a text that may name files, in their order."""
    if "@" not in text:
        return
    for match in _MENTION.finditer(text):
        quoted, plain = match.groups()
        yield Mention(match.start(), match.end(), plain or _unescaped(quoted or ""), quoted is not None)


def mention_at_end(text: str) -> Mention | None:
    """Find the mention that is being typed at the end of a text; its path may be empty."""
    match = _BEGUN.search(text)
    if match is None:
        return None
    quoted, plain = match.groups()
    return Mention(match.start(), match.end(), plain or _unescaped(quoted or ""), quoted is not None)


def mention_of(path: str, *, is_open: bool = False) -> str:
    """Write a path as a mention; `is_open` leaves the quotes open, since more will be typed."""
    if _PLAIN.fullmatch(path) and sanitize(path) == path and not path.startswith("@"):
        return f"@{path}"
    quoted = "".join(
        json.dumps(character)[1:-1] if sanitize(character) != character else character
        for character in json.dumps(path, ensure_ascii=False)
    )
    return f"@{quoted[:-1] if is_open else quoted}"


def _unescaped(quoted: str) -> str:
    """Decode the text between quotes; where its escapes are invalid, it is taken as it stands."""
    try:
        path = json.loads(f'"{quoted}"', strict=False)
    except ValueError:
        return quoted
    return path if isinstance(path, str) else quoted


class CommandBehind(msgspec.Struct, frozen=True):
    """A command line behind files that a message names."""

    before: str
    line: str


def command_behind(text: str, names: Collection[str], attached: Collection[str]) -> CommandBehind | None:
    """The command, one of these names, of a text that holds nothing else but files before it, or `/detach` behind any
    words: with one of the `attached` names, or in a line of its own where there are some. None where there is none."""
    if attached and (detaching := _detaching_behind(text, attached)) is not None:
        return detaching
    end = 0
    for mention in mentions_in(text):
        if text[end : mention.start].strip():
            break
        end = mention.end
    line = slash_line(text[end:].strip())
    if not end or line is None or line.name not in names:
        return None
    return CommandBehind(text[:end] + " ", text[end:].strip())


def _detaching_behind(text: str, attached: Collection[str]) -> CommandBehind | None:
    before, command, name = text.rpartition("/detach")
    named = name.strip()
    is_whole = name[:1].isspace() and named in attached if named else before.rstrip(" ").endswith("\n")
    if not command or not before[-1:].isspace() or not is_whole:
        return None
    return CommandBehind(before.rstrip() + " ", f"{command} {named}".strip())

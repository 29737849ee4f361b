"""The little of Pygments that is used: a lexer by its language, its tokens by line, and checkpoints to resume at.

Imported by name only when the first code block is drawn; its own import is 23 ms that the first frame does not need.
"""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pygments.lexer import Lexer  # type: ignore[import-untyped]  # Pygments has no types of its own
    from pygments.token import _TokenType  # type: ignore[import-untyped]  # likewise

Token = tuple[str, str]
"""Text of one token on one line, and the theme variable of its colour (empty: plain)."""


class Checkpoint(NamedTuple):
    """A position at which lexing can begin again."""

    line: int
    stack: tuple[str, ...]


BEGINNING: Final = Checkpoint(0, ("root",))

_NAMES: Final = {
    "Comment": "comment",
    "Comment.Preproc": "keyword",
    "Comment.PreprocFile": "string",
    "Keyword": "keyword",
    "Keyword.Type": "type",
    "Keyword.Constant": "constant",
    "Name.Class": "type",
    "Name.Exception": "type",
    "Name.Namespace": "type",
    "Name.Builtin": "function",
    "Name.Builtin.Pseudo": "constant",
    "Name.Function": "function",
    "Name.Decorator": "function",
    "Name.Variable": "variable",
    "Name.Constant": "constant",
    "Name.Tag": "tag",
    "Name.Attribute": "attribute",
    "Name.Entity": "escape",
    "Literal": "constant",
    "Literal.String": "string",
    "Literal.String.Doc": "comment",
    "Literal.String.Escape": "escape",
    "Literal.String.Interpol": "escape",
    "Literal.Number": "number",
    "Operator": "operator",
    "Operator.Word": "keyword",
    "Punctuation": "punctuation",
    "Generic.Heading": "heading",
    "Generic.Subheading": "heading",
    "Generic.Inserted": "inserted",
    "Generic.Deleted": "deleted",
    "Generic.Error": "error",
    "Generic.Prompt": "punctuation",
    "Error": "error",
}


@cache
def _languages() -> dict[str, str]:
    """Names of Pygments' own lexers by alias; plugins, which would be other people's code, are left out."""
    from pygments.lexers import get_all_lexers  # type: ignore[import-untyped]  # likewise

    return {alias.lower(): name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}


@cache
def _lexer(name: str) -> "Lexer | None":
    from pygments.lexers import find_lexer_class

    lexer = find_lexer_class(name)
    return lexer() if lexer is not None else None


def find_lexer(language: str) -> "Lexer | None":
    """The lexer for a language as written behind a fence; None where there is none."""
    name = _languages().get(language)
    return _lexer(name) if name is not None else None


def warm_up() -> None:
    """Import what most code blocks need: some 30 ms that the first of them would else take."""
    for language in ("python", "bash", "json"):
        find_lexer(language)


def is_plain(lexer: "Lexer") -> bool:
    """Say whether a lexer is a plain state machine, which can be resumed from its stack alone."""
    from pygments.lexer import RegexLexer

    return type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed


def lex(lexer: "Lexer", text: str, stack: tuple[str, ...]) -> tuple[list[list[Token]], list[Checkpoint]]:
    """Pieces of each line, and the positions at which lexing can be resumed.

    `RegexLexer.get_tokens_unprocessed` with its stack in sight: it takes one but does not give it back. Reads the one
    private name `_tokens` (Pygments 2.19 to 2.x).
    """
    from pygments.token import Error, Whitespace, _TokenType

    definitions = lexer._tokens
    states = list(stack)
    lines: list[list[Token]] = [[]]
    checkpoints: list[Checkpoint] = []
    at = 0
    size = len(text)
    while at < size:
        if lines[-1] == [] and at and text[at - 1] == "\n":
            checkpoints.append(Checkpoint(len(lines) - 1, tuple(states)))
        for matches, action, new_state in definitions[states[-1]]:
            match = matches(text, at)
            if not match:
                continue
            if action is not None:
                if type(action) is _TokenType:
                    _add(lines, action, match.group())
                else:
                    for _, kind, value in action(lexer, match):
                        _add(lines, kind, value)
            at = match.end()
            if new_state is not None:
                _enter(states, new_state)
            break
        else:
            if text[at] == "\n":
                states = ["root"]
                _add(lines, Whitespace, "\n")
            else:
                _add(lines, Error, text[at])
            at += 1
    return lines, checkpoints


def lex_whole(lexer: "Lexer", text: str) -> list[list[Token]]:
    """Pieces of each line of a whole text."""
    lines: list[list[Token]] = [[]]
    for _, kind, value in lexer.get_tokens_unprocessed(text):
        _add(lines, kind, value)
    return lines


def _enter(states: list[str], new_state: "int | str | Iterable[str]") -> None:
    if isinstance(new_state, int):
        if abs(new_state) >= len(states):
            del states[1:]
        else:
            del states[new_state:]
    elif new_state == "#push":
        states.append(states[-1])
    elif isinstance(new_state, tuple):
        for state in new_state:
            if state == "#pop":
                if len(states) > 1:
                    states.pop()
            elif state == "#push":
                states.append(states[-1])
            else:
                states.append(state)


def _add(lines: list[list[Token]], kind: "_TokenType", value: str) -> None:
    name = _variable(kind)
    first, *rest = value.split("\n")
    if first:
        lines[-1].append((first, name))
    lines.extend([(line, name)] if line else [] for line in rest)


@cache
def _variable(kind: "_TokenType") -> str:
    """The theme variable of a token's colour: that of the nearest kind above it that has one."""
    parts = list(kind)
    while parts:
        if (name := _NAMES.get(".".join(parts))) is not None:
            return f"syntax-{name}"
        parts.pop()
    return ""

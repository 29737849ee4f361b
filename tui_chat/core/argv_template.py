"""The words of a command, filled with the arguments of a call. There is no shell: a word stays a word."""

from collections.abc import Mapping, Sequence

from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.placeholders import Pieces, Place, TemplateError, places_of, read_template, text_of

_END_OF_OPTIONS = "--"


def check_argv(argv: Sequence[str], properties: Mapping[str, JsonValue]) -> None:
    """Check the templates of a command against the arguments that its tool takes.

    Raises:
        TemplateError: a template cannot be used.
    """
    if not argv or not argv[0]:
        raise TemplateError("It names no program.")
    if any("\0" in word for word in argv):
        raise TemplateError("It holds a NUL character.")
    if places_of(argv[0]):
        raise TemplateError("The program itself cannot come from an argument.")
    for name in (name for word in argv for name in places_of(word)):
        if name not in properties:
            raise TemplateError(f"{{{name}}} is no property of its parameters; {{{{ is a brace.")


def fill_argv(argv: Sequence[str], arguments: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """The words to run. One with a place for an argument that is not there is left out.

    Raises:
        TemplateError: an argument cannot be given to a program, or would be taken for an option.
    """
    words: list[str] = []
    may_be_option = True
    for template in argv:
        pieces = read_template(template)
        if template == _END_OF_OPTIONS:
            may_be_option = False
        if all(isinstance(piece, str) or piece.name in arguments for piece in pieces):
            words.append(_word(pieces, arguments, may_be_option=may_be_option))
    return tuple(words)


def _word(pieces: Pieces, arguments: Mapping[str, JsonValue], *, may_be_option: bool) -> str:
    word = "".join(piece if isinstance(piece, str) else text_of(piece.name, arguments) for piece in pieces)
    first = pieces[0] if pieces else ""
    if may_be_option and isinstance(first, Place) and word.startswith("-"):
        raise TemplateError(f"The argument {first.name} begins with - and would be taken for an option.")
    return word

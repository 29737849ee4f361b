"""Where words begin and end, for the keys that go by words: letters and digits, or whatever stands between blanks."""


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_solid(character: str) -> bool:
    return not character.isspace()


def word_start(line: str, column: int, *, by_blanks: bool = False) -> int:
    """The beginning of the word before a column; the line's where there is none."""
    belongs = _is_solid if by_blanks else _is_word
    while column and not belongs(line[column - 1]):
        column -= 1
    while column and belongs(line[column - 1]):
        column -= 1
    return column


def word_end(line: str, column: int) -> int:
    """The end of the word after a column; the line's where there is none."""
    while column < len(line) and not _is_word(line[column]):
        column += 1
    while column < len(line) and _is_word(line[column]):
        column += 1
    return column

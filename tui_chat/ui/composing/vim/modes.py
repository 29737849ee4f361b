"""The modes: run commands on the buffer, and remember the change that `.` repeats."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.buffer import Buffer, Span, first_column, on_character
from tui_chat.ui.composing.vim.grammar import MOST_TIMES, SEARCHES, WHOLE_LINES, Grammar, VimCommand
from tui_chat.ui.composing.vim.motions import MOTIONS, Move, find
from tui_chat.ui.composing.vim.operators import (
    Register,
    changed_word,
    delete,
    join,
    make_room,
    put,
    recase,
    repeated,
    shift,
    span_of,
    taken,
    whole_lines,
)
from tui_chat.ui.composing.vim.text_objects import TEXT_OBJECTS


class Mode(Enum):
    """A mode, by its name on the screen."""

    INSERT = "INSERT"
    NORMAL = "NORMAL"
    VISUAL = "VISUAL"
    VISUAL_LINES = "VISUAL LINE"


_REVERSED = {"f": "F", "F": "f", "t": "T", "T": "t"}
_CLIPBOARD = ("+", "*")


class _Change(NamedTuple):
    """The change that `.` repeats."""

    command: VimCommand
    typed: str = ""


class Vim:
    """Normal and visual mode over a buffer; in insert mode the buffer's owner takes the keys itself."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self.mode = Mode.INSERT
        self._grammar = Grammar()
        self._registers: dict[str, Register] = {}
        self._search: tuple[str, str] | None = None
        self._anchor: Location = (0, 0)
        self._goal: int | None = None
        """The column that `j` and `k` go to where a line is long enough."""
        self._last: _Change | None = None
        self._typing: tuple[VimCommand, Location] | None = None
        """The command that text is being typed for, and the place of its first character."""
        self._commands: Mapping[str, Callable[[VimCommand], None]] = {
            "i": lambda command: self._type_at(command, self._buffer.caret),
            "a": lambda command: self._type_at(command, self._after_caret()),
            "I": lambda command: self._type_at(command, self._line_start()),
            "A": lambda command: self._type_at(command, self._line_end()),
            "o": self._open_below,
            "O": self._open_above,
            "p": self._put,
            "P": self._put,
            "r": self._replace_characters,
            "~": self._swap_case,
            "J": lambda command: join(self._buffer, self._buffer.caret[0], command.times or 1),
        }

    @property
    def pending(self) -> str:
        """The keys of a command that is not complete."""
        return self._grammar.pending

    @property
    def is_visual(self) -> bool:
        """The mode is a visual one."""
        return self.mode in (Mode.VISUAL, Mode.VISUAL_LINES)

    @property
    def selected(self) -> Span | None:
        """The selection in a visual mode."""
        if not self.is_visual:
            return None
        buffer = self._buffer
        start, end = sorted((self._anchor, buffer.caret))
        if self.mode is Mode.VISUAL_LINES:
            return whole_lines(buffer, Span(start, end))
        row, length = end[0], len(buffer.line(end[0]))
        if not length and row + 1 < buffer.line_count:
            return Span(start, (row + 1, 0))  # of an empty line, its end is what there is to select
        return Span(start, (row, min(end[1] + 1, length)))

    # Changing modes

    def insert(self) -> None:
        """Switch to insert mode."""
        self._grammar.clear()
        self._typing = None
        self.mode = Mode.INSERT

    def normal(self) -> None:
        """Leave insert or visual mode."""
        if self.mode is Mode.INSERT:
            self._end_typing()
            row, column = self._buffer.caret
            self._buffer.caret = on_character(self._buffer, (row, column - 1))
        self.mode = Mode.NORMAL
        self._grammar.clear()

    def select(self, anchor: Location, caret: Location) -> None:
        """Take over a selection made by other means: both places are on characters of it."""
        self._anchor, self._buffer.caret = anchor, caret
        self.mode = Mode.VISUAL

    def _type_at(self, command: VimCommand, at: Location) -> None:
        self._buffer.caret = at
        self.mode = Mode.INSERT
        self._typing = command, at

    def _end_typing(self) -> None:
        """Remember the typed text, and insert it as often as the count said."""
        if self._typing is None:
            return
        (command, start), self._typing = self._typing, None
        buffer = self._buffer
        typed = buffer.between(start, buffer.caret) if start < buffer.caret else ""
        self._last = _Change(command, typed)
        row = start[0]
        is_there = row < buffer.line_count  # the line may have been deleted again
        if not typed and command.keys in ("o", "O") and is_there and not buffer.line(row).strip():
            buffer.caret = buffer.replace("", (row, 0), start)
        if typed and (command.times or 1) > 1 and not command.operator:
            once = f"\n{self._indent()}{typed}" if command.keys in "oO" else typed
            buffer.caret = buffer.replace(repeated(once, (command.times or 1) - 1), buffer.caret, buffer.caret)

    # Keys

    def press(self, key: str) -> bool:
        """Take a key: a character, or a name such as `escape` or `ctrl+r`. False: it means nothing special here."""
        if key in ("escape", "ctrl+left_square_bracket"):
            if self.mode is Mode.NORMAL and not self.pending:
                return False
            self.normal()
            return True
        if self.mode is Mode.INSERT:
            return False
        if not self._grammar.knows(key):
            self._grammar.clear()
            return False
        if command := self._grammar.take(key, is_visual=self.is_visual):
            self._do(command)
        return True

    def _do(self, command: VimCommand) -> None:
        """Run a command."""
        keys = command.keys
        if keys not in ("j", "k"):
            self._goal = None
        if self.is_visual and command.operator:
            self._operate_on_selection(command)
        elif keys == WHOLE_LINES:
            row, column = self._buffer.caret
            last = min(row + (command.times or 1) - 1, self._buffer.line_count - 1)
            self._operate(command, Span((row, column), (last, 0), is_lines=True))
        elif keys in MOTIONS:
            self._moved(command, MOTIONS[keys](self._buffer, self._buffer.caret, command.times))
        elif keys[0] in SEARCHES or keys in (";", ","):
            self._moved(command, self._found(command))
        elif keys[0] in "ia" and len(keys) == 2:
            self._took(command, TEXT_OBJECTS[keys[1]](self._buffer, self._buffer.caret, keys[0] == "a"))
        elif self.is_visual:
            self._command_on_selection(command)
        else:
            self._command(command)

    # Motions and text objects

    def _found(self, command: VimCommand) -> Move | None:
        again = command.keys in (";", ",")
        if not again:
            self._search = command.keys[0], command.keys[1]
        if self._search is None:
            return None
        how, character = self._search
        how = _REVERSED[how] if command.keys == "," else how
        return find(self._buffer, self._buffer.caret, command.times or 1, how, character, again=again)

    def _moved(self, command: VimCommand, move: Move | None) -> None:
        buffer, caret, keys = self._buffer, self._buffer.caret, command.keys
        if command.operator:
            span = (
                changed_word(buffer, caret, keys, command.times or 1)
                if command.operator == "c" and keys in "wW"
                else None
            )
            self._operate(command, span or (move and span_of(buffer, caret, keys, move)))
        elif move is not None:
            row, column = move.to
            if keys in ("j", "k"):
                self._goal = caret[1] if self._goal is None else self._goal
                column = self._goal
            elif keys == "$":
                self._goal = MOST_TIMES
            buffer.caret = on_character(buffer, (row, column))
        elif keys in ("j", "k") and not self.is_visual and command.times is None:
            buffer.past_edge(1 if keys == "j" else -1)

    def _took(self, command: VimCommand, span: Span | None) -> None:
        if command.operator:
            self._operate(command, span)
        elif span is not None and span.start < span.end:
            self._anchor = span.start
            self._buffer.caret = on_character(self._buffer, (span.end[0], span.end[1] - 1))
            self.mode = Mode.VISUAL_LINES if span.is_lines else self.mode

    # Operators

    def _operate(self, command: VimCommand, span: Span | None) -> None:
        """Run an operator on a span; nothing where there is none."""
        buffer, operator = self._buffer, command.operator
        if span is None:
            return
        if operator in ("d", "c", "y"):
            self._keep(taken(buffer, span), command.register)
        if operator == "y":
            buffer.caret = on_character(buffer, span.start)
            return
        buffer.begin_change()
        self._last = _Change(command)
        if operator == "d":
            delete(buffer, span)
        elif operator == "c":
            make_room(buffer, span)
            self._type_at(command, buffer.caret)
        elif operator in ("<", ">"):
            shift(buffer, span, 1 if operator == ">" else -1)
        else:
            recase(buffer, span, operator)

    def _operate_on_selection(self, command: VimCommand) -> None:
        """Run it on the selection; `.` runs it on as many characters or lines again."""
        span = self.selected
        assert span is not None
        rows = span.end[0] - span.start[0] + 1
        again = (
            VimCommand(WHOLE_LINES, command.operator, rows, command.register)
            if span.is_lines or rows > 1
            else VimCommand("l", command.operator, span.end[1] - span.start[1], command.register)
        )
        self._operate(again, span)
        if self.mode is not Mode.INSERT:
            self.mode = Mode.NORMAL

    def _keep(self, taken_text: Register, register: str) -> None:
        self._registers[""] = taken_text
        if register in _CLIPBOARD:
            self._buffer.write_clipboard(taken_text.text)
        elif register:
            self._registers[register.lower()] = taken_text

    def _recall(self, register: str) -> Register:
        if register in _CLIPBOARD:
            return Register(self._buffer.read_clipboard())
        return self._registers.get(register.lower(), Register())

    # Commands

    def _command(self, command: VimCommand) -> None:
        buffer, keys = self._buffer, command.keys
        if change := self._commands.get(keys[0]):
            buffer.begin_change()
            self._last = _Change(command)
            change(command)
        elif keys == ".":
            self._repeat(command.times)
        elif keys in ("u", "ctrl+r"):
            for _ in range(command.times or 1):
                (buffer.undo if keys == "u" else buffer.redo)()
            buffer.caret = on_character(buffer, buffer.caret)
        elif keys in ("v", "V"):
            self._anchor = buffer.caret
            self.mode = Mode.VISUAL if keys == "v" else Mode.VISUAL_LINES
        else:
            buffer.command_line()

    def _repeat(self, count: int | None) -> None:
        """Repeat the last change, with another count if one is given."""
        if (last := self._last) is None:
            return
        command = last.command._replace(times=count or last.command.times)
        self._do(command)
        if self.mode is Mode.INSERT:
            if last.typed:
                self._buffer.caret = self._buffer.replace(last.typed, self._buffer.caret, self._buffer.caret)
            self.normal()
        self._last = _Change(command, last.typed)

    def _command_on_selection(self, command: VimCommand) -> None:
        buffer, keys, span = self._buffer, command.keys, self.selected
        assert span is not None
        if keys == "o":
            self._anchor, buffer.caret = buffer.caret, self._anchor
            return
        if keys in ("v", "V"):
            wanted = Mode.VISUAL if keys == "v" else Mode.VISUAL_LINES
            self.mode = Mode.NORMAL if wanted is self.mode else wanted
            return
        buffer.begin_change()
        self.mode = Mode.NORMAL
        if keys in ("p", "P"):
            self._put_over(command, span)
        elif keys == "J":
            join(buffer, span.start[0], span.end[0] - span.start[0] + 1)
        else:
            old = buffer.between(span.start, span.end)
            buffer.replace("".join(each if each == "\n" else keys[1] for each in old), span.start, span.end)
            buffer.caret = span.start

    def _put_over(self, command: VimCommand, span: Span) -> None:
        """Replace the selection by a register, and put it into the unnamed register."""
        buffer, recalled = self._buffer, self._recall(command.register)
        self._keep(taken(buffer, span), "")
        if span.is_lines or recalled.is_lines:
            make_room(buffer, span)
            buffer.caret = buffer.replace(recalled.text, buffer.caret, buffer.caret)
            buffer.caret = on_character(buffer, buffer.caret)
        else:
            end = buffer.replace(repeated(recalled.text, command.times or 1), span.start, span.end)
            buffer.caret = on_character(buffer, (end[0], end[1] - 1))

    def _put(self, command: VimCommand) -> None:
        recalled = self._recall(command.register)
        if recalled.text or recalled.is_lines:
            put(self._buffer, recalled, is_before=command.keys == "P", count=command.times or 1)

    def _after_caret(self) -> Location:
        row, column = self._buffer.caret
        return row, min(column + 1, len(self._buffer.line(row)))

    def _line_start(self) -> Location:
        row = self._buffer.caret[0]
        line = self._buffer.line(row)
        return row, first_column(line) if line.strip() else len(line)

    def _line_end(self) -> Location:
        row = self._buffer.caret[0]
        return row, len(self._buffer.line(row))

    def _indent(self) -> str:
        line = self._buffer.line(self._buffer.caret[0])
        return line[: len(line) - len(line.lstrip())]

    def _open_below(self, command: VimCommand) -> None:
        end = self._line_end()
        self._type_at(command, self._buffer.replace("\n" + self._indent(), end, end))

    def _open_above(self, command: VimCommand) -> None:
        row, indent = self._buffer.caret[0], self._indent()
        self._buffer.replace(indent + "\n", (row, 0), (row, 0))
        self._type_at(command, (row, len(indent)))

    def _replace_characters(self, command: VimCommand) -> None:
        row, column = self._buffer.caret
        count, character = command.times or 1, command.keys[1]
        if column + count > len(self._buffer.line(row)):
            return
        end = self._buffer.replace(
            character if character == "\n" else character * count, (row, column), (row, column + count)
        )
        self._buffer.caret = end if character == "\n" else (end[0], end[1] - 1)

    def _swap_case(self, command: VimCommand) -> None:
        row, column = self._buffer.caret
        end = min(column + (command.times or 1), len(self._buffer.line(row)))
        swapped = self._buffer.between((row, column), (row, end)).swapcase()
        self._buffer.caret = on_character(self._buffer, self._buffer.replace(swapped, (row, column), (row, end)))

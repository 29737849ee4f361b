"""Opens, fills and drives the completion list: for slash commands, and for files after an `@`.

What fits is looked for in a worker of its own, so that no key waits for it; what comes too late is dropped.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.command import ArgumentKind
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.mentions import mention_at_end

if TYPE_CHECKING:  # the list is imported when the first slash is typed
    from textual.document._document import Location
    from textual.widget import Widget
    from textual.worker import Worker

    from tui_chat.ui.commands.context import CommandContext
    from tui_chat.ui.composing.completion import Candidate, CompletionPopup
    from tui_chat.ui.composing.file_words import FileWords

WORKER_GROUP = "completion"
_ENDS_BEFORE = " \t)]}>,;:"
"""Characters that may follow a file's name that is being typed."""


class Word(msgspec.Struct, frozen=True):
    """The word that is being typed."""

    start: "Location"
    end: "Location"
    """The cursor's location."""
    typed: str
    command: str | None = None
    """The slash name before it; empty where the word is that name itself, None for a file in a message."""

    @property
    def is_file(self) -> bool:
        """The word is the path of a file."""
        command = find_command(self.command, FrontEnd.SCREEN) if self.command else None
        takes_file = command is not None and bool(command.arguments) and command.arguments[0].kind is ArgumentKind.FILE
        return self.command is None or takes_file


class Completing:
    """The completion of a chat screen."""

    def __init__(
        self,
        host: Host,
        context: "CommandContext",
        composer: Composer,
        *,
        submit: Callable[[str], None],
        mount: "Callable[[Widget], Awaitable[None]]",
    ) -> None:
        """`context` knows what may follow a command's name, `submit` does a command that was chosen whole, and `mount`
        puts the list into its place."""
        self._host = host
        self._context = context
        self._composer = composer
        self._submit = submit
        self._mount = mount
        self._looking: Worker[None] | None = None
        self._popup: CompletionPopup | None = None
        self._files: FileWords | None = None
        self._followed: Word | None = None
        self._shown: Word | None = None
        """The word that the list was made for."""
        self._dismissed: Word | None = None
        """The word at which Esc closed the list, which stays closed until another word is typed."""

    @property
    def is_open(self) -> bool:
        """The list is shown."""
        return self._popup is not None and self._popup.is_open

    def follow(self) -> None:
        """Update the list: the draft changed, or the cursor moved."""
        word = self._word()
        if word == self._followed:
            return
        self._followed = word
        if word is None or not _goes_on(self._dismissed, word):
            self._dismissed = None
        if word is None or self._dismissed is not None:
            self.close()
            return
        if word.command == "":
            from tui_chat.ui.commands.slash_words import names
            from tui_chat.ui.composing.completion import match

            self._offer(word, match(word.typed, names(self._context)))
            return
        # As a partial: a worker that is cancelled before it begins leaves no coroutine behind.
        look: Callable[[], Coroutine[None, None, None]] = partial(self._look, word)
        self._looking = self._host.run_worker(look, group=WORKER_GROUP, exclusive=True)

    def _word(self) -> Word | None:
        composer = self._composer
        row, column = end = composer.cursor_location
        if not composer.selection.is_empty:
            return None
        line = composer.document.get_line(row)
        if line.startswith("/") and not line.startswith("//") and composer.document.line_count == 1:
            name, space, typed = line.partition(" ")
            if column != len(line):
                return None
            return Word((0, len(name) + 1), end, typed, name[1:].lower()) if space else Word((0, 0), end, name, "")
        if line[column : column + 1] not in _ENDS_BEFORE:
            return None
        mention = mention_at_end(line[:column])
        return Word((row, mention.start), end, mention.path) if mention else None

    async def _look(self, word: Word) -> None:
        """Find candidates for a word, and offer them; files as they are found."""
        if word.is_file:
            if self._files is None:
                from tui_chat.ui.composing.file_words import FileWords  # imported when the first file is looked for

                self._files = FileWords()
            async for found, note in self._files.candidates(word.typed, is_argument=word.command is not None):
                self._offer(word, found, note)
            return
        from tui_chat.ui.commands.slash_words import values
        from tui_chat.ui.composing.completion import Candidate, match

        name = word.command or ""
        candidates: Sequence[Candidate] = match(word.typed, await values(self._context, name, word.typed))
        command = find_command(name, FrontEnd.SCREEN)
        if not candidates and not word.typed and command is not None and command.arguments:
            candidates = (Candidate("", command.help, label=command.usage),)
        self._offer(word, candidates)

    def _offer(self, word: Word, candidates: "Sequence[Candidate]", note: str = "") -> None:
        if word != self._word():
            return
        is_all_there = word.typed and word.typed in [candidate.shown for candidate in candidates]
        if is_all_there and (word.is_file or (word.command and len(candidates) == 1)):
            candidates = ()
        if self._popup is None and candidates:
            from tui_chat.ui.composing.completion import CompletionPopup

            self._popup = CompletionPopup()
            self._mount(self._popup)
        if self._popup is not None:
            self._popup.offer(candidates, note, title=_title(word), runs=word.command is not None)
            self._shown = word

    def take_key(self, key: str) -> bool:
        """Give the list a key; True where it was for the list.

        Enter is for it only where it shows what fits the text as it is now: text and Enter that arrive in one go mean
        what was typed and not what a list that nobody saw would have offered.
        """
        popup = self._popup
        if popup is None or not self.is_open or (popup.is_hint and key != "escape"):
            return False
        match key:
            case "up":
                popup.move(-1)
            case "down":
                popup.move(1)
            case "escape":
                self._dismissed = self._word()
                popup.close()
            case "tab":
                self._take(run=False)
            case "enter":
                if not self._is_meant():
                    return False
                self._take(run=True)
            case _:
                return False
        return True

    def _is_meant(self) -> bool:
        """Say whether Enter takes the line of the list, and not the text as it stands."""
        word, popup = self._word(), self._popup
        chosen = popup.chosen if popup else None
        if word is None or word != self._shown or chosen is None or popup is None:
            return False
        if word.is_file:
            return True
        return popup.was_moved or word.typed.lower() in chosen.shown.lower()

    def _take(self, *, run: bool) -> None:
        word, chosen = self._shown, self._popup.chosen if self._popup else None
        if chosen is None or word is None or word != self._word():
            return
        composer = self._composer
        if run and chosen.is_whole and word.command is not None:
            line = composer.text[: word.start[1]] + chosen.text
            self.close()
            composer.load_text("")
            self._submit(line)
            return
        row, column = word.end
        is_followed = composer.document.get_line(row)[column : column + 1] != ""
        text = chosen.text if chosen.is_open or is_followed else f"{chosen.text} "
        composer.history.checkpoint()
        edit = composer.replace(text, word.start, word.end, maintain_selection_offset=False)
        composer.move_cursor(edit.end_location)
        composer.history.checkpoint()
        self.follow()

    def close(self) -> None:
        """Close the list."""
        if self._looking is not None:
            self._looking.cancel()
        if self._popup is not None and self._popup.is_open:
            self._popup.close()

    def stop(self) -> None:
        """Stop looking for files: the screen is going away."""
        if self._files is not None:
            self._files.stop()


def _title(word: Word) -> str:
    """What is listed for a word."""
    return "Files" if word.is_file else f"/{word.command}" if word.command else "Commands"


def _goes_on(before: Word | None, word: Word) -> bool:
    """Say whether a word is the previous one with characters added or removed."""
    return before is not None and (before.start, before.command) == (word.start, word.command)

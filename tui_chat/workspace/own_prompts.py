"""The person's own prompts: Markdown files of a folder, each with a name, a first line, and places to be filled in.

`{place}` is asked for; `{{` and `}}` are braces. Any other brace stays as it is: prompts hold code. A file that cannot
be used is left out with the reason, and none takes the place of a command.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tui_chat.core.errors import FileError
from tui_chat.core.nearest import nearest
from tui_chat.core.sanitize import sanitize_line, without_surrogates
from tui_chat.core.slash import slash_line
from tui_chat.regular_files import names_in, read_whole, shown_path
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.refusal import CommandRefused

MOST: Final = 200
"""Prompts that are listed at most."""
LARGEST_BYTES: Final = 64 * 1024
_SUFFIX: Final = ".md"
_LONGEST_NAME: Final = 40
_LONGEST_DESCRIPTION: Final = 120
_NO_NAME: Final = re.compile(r"[\W_]+")
_PLACE: Final = re.compile(r"\{\{|\}\}|\{([^\W\d][\w -]{0,39})\}")

_Signature = tuple[tuple[str, int, int], ...]


class OwnPrompt(NamedTuple):
    """One prompt."""

    name: str
    """As it is typed: letters, digits and hyphens."""
    description: str
    """Its first line, in one line of harmless text."""
    text: str

    @property
    def places(self) -> tuple[str, ...]:
        """The names of what is to be filled in, each once, in their order."""
        found = (match[1] for match in _PLACE.finditer(self.text))
        return tuple(dict.fromkeys(name for name in found if name))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with these values in their places; what stands in a value is not looked into."""

        def put(match: re.Match[str]) -> str:
            return values.get(match[1], match[0]) if match[1] else match[0][0]

        return _PLACE.sub(put, self.text)


class OwnPrompts:
    """The prompts of a folder, read again where a file of it has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signature: _Signature | None = None
        self._prompts: tuple[OwnPrompt, ...] = ()
        self.problems: tuple[str, ...] = ()
        """Why files of it are left out, when they were read last."""

    @property
    def folder(self) -> str:
        """Where the files are, for people."""
        return shown_path(self._folder)

    def read(self) -> tuple[OwnPrompt, ...]:
        """All prompts, by name."""
        signature = _signature(self._folder)
        if signature != self._signature:
            self._signature = signature
            self._prompts, self.problems = _read(self._folder, [name for name, _, _ in signature])
        return self._prompts

    def find(self, name: str) -> OwnPrompt | None:
        """The prompt of this name, in any case; None where there is none."""
        return next((prompt for prompt in self.read() if prompt.name == name.lower()), None)

    def named(self, name: str) -> OwnPrompt:
        """The prompt of this name.

        Raises:
            CommandRefused: there is none; it says which one was likely meant.
        """
        if (found := self.find(name)) is not None:
            return found
        shown = sanitize_line(name, _LONGEST_NAME)
        if not self._prompts:
            raise CommandRefused(f"There is no prompt {shown}. {self.none_words}")
        close = nearest(name.lower(), (prompt.name for prompt in self._prompts))
        raise CommandRefused(
            f"There is no prompt {shown}. " + (f"Did you mean {close}?" if close else "/prompt lists them.")
        )

    @property
    def none_words(self) -> str:
        """Say how to have prompts, and why files are left out."""
        return " ".join((f"Markdown files in {self.folder} are offered here.", *self.problems))

    def offered(self, front_end: FrontEnd) -> tuple[OwnPrompt, ...]:
        """Those that may be typed as a slash word: no command has their name."""
        return tuple(prompt for prompt in self.read() if find_command(prompt.name, front_end) is None)

    def as_command(self, text: str, front_end: FrontEnd) -> str:
        """`/review words` as `/prompt review words`, where a prompt has this name and no command; else the text."""
        line = slash_line(text)
        if line is None or find_command(line.name, front_end) is not None or self.find(line.name) is None:
            return text
        return f"/prompt {line.name} {line.arguments}".rstrip()


def begun(prompt: OwnPrompt, words: str) -> tuple[OwnPrompt, dict[str, str]]:
    """Take the words behind a prompt's name: they fill its first place, and where it has none they stand below it."""
    if not words:
        return prompt, {}
    if not prompt.places:
        return prompt._replace(text=f"{prompt.text}\n\n{words.replace('{', '{{').replace('}', '}}')}"), {}
    return prompt, {prompt.places[0]: words}


def _signature(folder: Path) -> _Signature:
    found = []
    for name in (name for name in names_in(folder) if name.lower().endswith(_SUFFIX) and not name.startswith(".")):
        try:
            told = os.stat(folder / name)
        except OSError:
            found.append((name, 0, 0))
        else:
            found.append((name, told.st_mtime_ns, told.st_size))
    return tuple(found)


def _read(folder: Path, names: list[str]) -> tuple[tuple[OwnPrompt, ...], tuple[str, ...]]:
    prompts: dict[str, OwnPrompt] = {}
    problems: list[str] = []
    for file in names[:MOST]:
        shown = sanitize_line(file, 60)
        name = _name_of(file)
        try:
            text = read_whole(folder / file, LARGEST_BYTES).decode("utf-8-sig").strip()
        except FileError as error:
            problems.append(f"{shown} is left out: {error.failure.message}")
            continue
        except UnicodeDecodeError:
            problems.append(f"{shown} is left out: it is not text in UTF-8.")
            continue
        if not text or not name or name in prompts:
            why = (
                "it is empty"
                if not text
                else "it has no name that can be typed"
                if not name
                else "another has its name"
            )
            problems.append(f"{shown} is left out: {why}.")
            continue
        prompts[name] = OwnPrompt(name, _description(text), text)
    if len(names) > MOST:
        problems.append(f"There are more than {MOST} files; the others are left out.")
    return tuple(prompts[name] for name in sorted(prompts)), tuple(problems)


def _name_of(file: str) -> str:
    """A file's name as it can be typed; empty where nothing of it can be."""
    words = _NO_NAME.sub("-", without_surrogates(file[: -len(_SUFFIX)]).lower()).strip("-")
    return words[:_LONGEST_NAME].strip("-")


def _description(text: str) -> str:
    """The first line with words, without the marks of a heading."""
    lines = (sanitize_line(line.lstrip("# "), _LONGEST_DESCRIPTION) for line in text.splitlines())
    return next((line for line in lines if line.strip()), "")

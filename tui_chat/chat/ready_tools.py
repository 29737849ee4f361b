"""The tools that come with the program: what the model is told of each, and how a tools file turns one on.

They are off until a file has a table with `builtin`, and then need leave as all others do.
"""

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.tool import FolderRecipe, FolderUse, PageRecipe, Recipe


class BuiltIn(StrEnum):
    """The tools that come with the program, by the names they have where nobody says another."""

    READ_FILE = "read_file"
    LIST_FILES = "list_files"
    SEARCH_FILES = "search_files"
    FETCH_URL = "fetch_url"


BUILTIN: Final = "builtin"
"""The key that makes a table one of ours."""
OF_FOLDERS: Final = ("folder", "hidden")
OF_PAGES: Final = ("proxy",)
_COMMON: Final = (BUILTIN, "description", "timeout_s", "limit_kb", "enabled", "alone")

_USES: Final[Mapping[BuiltIn, FolderUse]] = {
    BuiltIn.READ_FILE: FolderUse.READ,
    BuiltIn.LIST_FILES: FolderUse.LIST,
    BuiltIn.SEARCH_FILES: FolderUse.SEARCH,
}
SUMMARIES: Final[Mapping[BuiltIn, str]] = {
    BuiltIn.READ_FILE: "reads a text file below a folder",
    BuiltIn.LIST_FILES: "lists what is in a folder, and below it",
    BuiltIn.SEARCH_FILES: "searches the text files below a folder",
    BuiltIn.FETCH_URL: "fetches a page of the public web as text",
}
"""What each does, for people."""
_TOLD: Final[Mapping[BuiltIn, str]] = {
    BuiltIn.READ_FILE: "Reads a text file in the user's folder {folder!r}. A long one comes in parts: "
    "go on with first_line.",
    BuiltIn.LIST_FILES: "Lists files and folders, with their sizes, in the user's folder {folder!r}.",
    BuiltIn.SEARCH_FILES: "Finds the lines that contain a text, whatever its case, in the text files of the user's "
    "folder {folder!r}.",
    BuiltIn.FETCH_URL: "Fetches a page of the public web with GET and gives it as text. Nothing signs in, and only "
    "text, HTML, JSON and the like are read.",
}
_PATTERN: Final[JsonObject] = {
    "type": "string",
    "maxLength": 200,
    "description": "Only names like this, as a shell has them: *.md, or with a slash for paths: src/**/*.py.",
}
_SUBFOLDER: Final[JsonObject] = {
    "type": "string",
    "default": "",
    "description": "Path from the folder on, without a slash at the beginning; the folder itself where it is empty.",
}
_PROPERTIES: Final[Mapping[BuiltIn, JsonObject]] = {
    BuiltIn.READ_FILE: {
        "path": {
            "type": "string",
            "minLength": 1,
            "description": "Path of the file from the folder on, without a slash at the beginning.",
        },
        "first_line": {"type": "integer", "minimum": 1, "description": "The line to begin with, 1 for the first."},
        "lines": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "How many lines, 2000 else."},
    },
    BuiltIn.LIST_FILES: {
        "path": _SUBFOLDER,
        "pattern": _PATTERN,
        "deep": {"type": "boolean", "description": "Also what is in the folders below, and below those."},
    },
    BuiltIn.SEARCH_FILES: {
        "text": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1000,
            "description": "The text, no regular expression.",
        },
        "path": _SUBFOLDER,
        "pattern": _PATTERN,
    },
    BuiltIn.FETCH_URL: {
        "url": {"type": "string", "minLength": 1, "description": "Address that begins with https:// or http://."}
    },
}
_REQUIRED: Final[Mapping[BuiltIn, tuple[str, ...]]] = {
    BuiltIn.READ_FILE: ("path",),
    BuiltIn.LIST_FILES: (),
    BuiltIn.SEARCH_FILES: ("text",),
    BuiltIn.FETCH_URL: ("url",),
}


def keys_of(builtin: BuiltIn) -> tuple[str, ...]:
    """The keys that a table of this tool can have."""
    return (*_COMMON, *(OF_FOLDERS if builtin in _USES else OF_PAGES))


def parameters_of(builtin: BuiltIn) -> JsonObject:
    """The JSON Schema of its arguments."""
    return {
        "type": "object",
        "properties": _PROPERTIES[builtin],
        "required": list(_REQUIRED[builtin]),
        "additionalProperties": False,
    }


def told_of(builtin: BuiltIn, folder: str) -> str:
    """What the model is told: of the folder its name alone, since where it lies tells who the person is."""
    return _TOLD[builtin].format(folder=Path(folder).name or folder)


def recipe_of(builtin: BuiltIn, folder: str, *, is_wider: bool) -> FolderRecipe | PageRecipe:
    """How its calls are run. `is_wider`: hidden files too, or by a proxy."""
    if builtin in _USES:
        return FolderRecipe(_USES[builtin], folder, is_wider)
    return PageRecipe(is_wider)


def builtin_of(recipe: Recipe | None) -> BuiltIn | None:
    """Which of these tools it is; None where it is another one."""
    match recipe:
        case FolderRecipe(use):
            return next(builtin for builtin, its in _USES.items() if its is use)
        case PageRecipe():
            return BuiltIn.FETCH_URL
        case _:
            return None


def folder_of(chosen: str, beside: Path) -> str:
    """The folder of a tool: as it is chosen, meant from the tools file, else the one that the program was started in.

    Raises:
        OSError: that one is gone.
    """
    return os.path.normpath(beside / os.path.expanduser(chosen)) if chosen else os.getcwd()


def lines_of(builtins: Iterable[BuiltIn]) -> str:
    """The lines of a tools file that turn these on, with what can be said of each."""
    return "\n".join(_lines(builtin) for builtin in builtins)


def _lines(builtin: BuiltIn) -> str:
    lines = [f"[tools.{builtin}]  # {SUMMARIES[builtin]}", f'{BUILTIN} = "{builtin}"']
    if builtin in _USES:
        lines.append('# folder = "~/notes"  # without it, the folder that the chat is started in')
        lines.append("# hidden = true       # files and folders too whose names begin with a dot")
    else:
        lines.append("# proxy = true        # by the proxy of the environment, which then looks up the host")
    return "\n".join([*lines, ""])

"""Files for the completion list: those of one folder, and the facts shown beside each."""

import os
from collections.abc import Sequence
from itertools import islice

from tui_chat.core import figures
from tui_chat.core.errors import FileError
from tui_chat.core.given import HEAD_BYTES
from tui_chat.regular_files import read_start
from tui_chat.ui.composing.files.matching import PathMatch, best
from tui_chat.ui.rows.rows import Ink, Row
from tui_chat.workspace.attachments import LIMIT_BYTES, FileKind, kind_of, tokens_of_file

MOST_ENTRIES = 5_000


def folder_of(typed: str) -> str:
    """The folder that a path which is being typed names, with its slash; empty where it names none yet."""
    if typed in ("~", ".", ".."):
        return f"{typed}/"
    return typed[: typed.rfind("/") + 1]


def in_folder(typed: str, working_folder: str, limit: int) -> list[PathMatch]:
    """Entries of a folder that match, folders with a slash; hidden entries only where a dot was typed."""
    folder = folder_of(typed)
    rest = typed[len(folder) :]
    try:
        with os.scandir(os.path.join(working_folder, os.path.expanduser(folder))) as entries:
            named = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry in islice(entries, MOST_ENTRIES)
                if not entry.name.startswith(".") or rest.startswith(".")
            ]
    except (OSError, ValueError):
        return []
    hits = best(rest, sorted(named, key=lambda name: (not name.endswith("/"), name)), limit)
    shift = len(folder)
    return [
        hit._replace(path=folder + hit.path, positions=tuple(place + shift for place in hit.positions)) for hit in hits
    ]


def facts_of(paths: Sequence[str], working_folder: str) -> list[Row]:
    """Kind, size and estimate of each, in columns."""
    return [_facts(path, os.path.join(working_folder, os.path.expanduser(path))) for path in paths]


def _facts(path: str, file: str) -> Row:
    if path.endswith("/"):
        return ((Ink.MUTED, "folder".rjust(12)),)
    try:
        head, size = read_start(file, HEAD_BYTES)
        kind = kind_of(head)
    except FileError:
        return ((Ink.WARNING, "unreadable".rjust(12)),)
    sized = (Ink.MUTED, f"{figures.size(size):>8}")
    if size > LIMIT_BYTES:
        return (sized, (Ink.WARNING, "too large".rjust(12)))
    match kind:
        case FileKind.TEXT:
            return (sized, (Ink.MUTED, figures.estimated_tokens(tokens_of_file(head, size)).rjust(12)))
        case FileKind.PICTURE | FileKind.PDF | FileKind.SOUND:
            return (sized, (Ink.ACCENT, kind.value.rjust(12)))
        case FileKind.BINARY:
            return (sized, (Ink.WARNING, "binary".rjust(12)))

"""Every pane and dialog with the gallery's states that show it. One that is missing here fails a test."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from textual.widget import Widget

import tui_chat.ui.dialogs
import tui_chat.ui.panes
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.panes.call_finder import CallFinder
from tui_chat.ui.panes.pane import Pane

Base = TypeVar("Base", bound=Widget)

Says = Mapping[str, str]
"""Words that a state of the gallery shows, by its name."""


@dataclass(frozen=True)
class Shown:
    """What is to be seen of one class."""

    states: tuple[str, ...]
    title: str
    counts: bool = False
    """It lists something, and says how much."""
    empty: Says | None = None
    """What it says where there is nothing, or nothing fits; None: it is never without contents."""
    failed: Says | None = None
    """What it says of a failure; None: nothing in it can fail."""
    loading: Says | None = None
    """What it says while it waits; None: it waits for nothing."""


FRAMES: Final[Mapping[str, Shown]] = {
    "ToolInspector": Shown(
        (
            "tool-waiting",
            "tool-question",
            "tool-raw",
            "tool-list",
            "tool-result",
            "tool-error",
            "tool-none",
            "tool-together",
            "tool-unfolded",
            "tool-pieces",
            "tool-output",
            "tool-schema",
            "tool-switches",
            "tool-filter",
            "tool-filter-none",
            "tool-again-schema",
        ),
        "Tools",
        counts=True,
        empty={"tool-none": "2 tools are offered"},
        loading={"tool-arriving": "● writing"},
    ),
    "ModelPane": Shown(
        ("models", "models-filter", "models-no-match"),
        "Models",
        counts=True,
        empty={"models-no-match": "Not in the gateway"},
        failed={"models-failed": "Cannot reach api.example.org"},
        loading={"models-loading": "Asking the gateway"},
    ),
    "UsagePane": Shown(
        (
            "usage",
            "usage-empty",
            "usage-cut",
            "usage-days",
            "usage-all",
            "usage-months",
            "usage-models",
            "usage-gateways",
            "usage-conversations",
            "usage-kinds",
        ),
        "Usage",
        empty={"usage-empty": "No answer yet", "usage-nothing": "Nothing spent yet."},
        failed={"usage-failed": "✗ The conversations file"},
        loading={"usage-loading": "● Reading what was spent …"},
    ),
    "ChoiceDialog": Shown(("confirm", "project-file", "unsaved", "resume-delete-two"), ""),
    "ThemePicker": Shown(("themes",), "Themes", counts=True),
    "Notices": Shown(
        ("notices", "notices-many", "notices-empty"), "Notices", counts=True, empty={"notices-empty": "No notice yet"}
    ),
    "SettingsPage": Shown(
        ("settings", "settings-changed", "settings-field", "settings-refused", "settings-by-hand", "settings-no-match"),
        "Settings",
        counts=True,
        empty={"settings-no-match": "No setting has"},
        failed={"settings-changed": "temprature", "settings-refused": "a whole number"},
    ),
    "HistoryPicker": Shown(
        (
            "resume",
            "resume-words",
            "resume-no-match",
            "resume-empty",
            "resume-labels",
            "resume-rows",
            "resume-marked",
            "resume-sorted",
            "resume-rename",
            "resume-label",
            "resume-deleted",
            "resume-at-work",
        ),
        "Conversations",
        counts=True,
        empty={
            "resume-empty": "No conversation yet",
            "resume-no-match": "No title has",
            "resume-archive-empty": "Nothing is archived yet",
        },
        failed={"resume-failed": "cannot be read"},
        loading={"resume-reading": "reading"},
    ),
    "SearchPage": Shown(
        ("search-results", "search-rows", "search-empty", "search-filters", "search-nothing", "search-indexing"),
        "Search",
        counts=True,
        empty={"search-none": "No conversation yet", "search-nothing": "Nothing has"},
        failed={"search-failed": "✗ The conversations file"},
        loading={"search-indexing": "indexed 61 %"},
    ),
    "ConnectDialog": Shown(
        ("connect", "connect-key", "connect-bad-address", "connect-local"),
        "Connect",
        failed={"connect-bad-address": "✗"},
        loading={"connect-asking": "● asking 127.0.0.1:18471"},
    ),
    "LineDialog": Shown(("line",), "Rename"),
    "TextDialog": Shown(("system",), "System prompt", empty={"system": "Left empty, no system prompt is sent."}),
    "HelpScreen": Shown(("help", "help-second-page", "keys"), "Help", counts=True),
    "LeaderScreen": Shown(("leader",), ""),
    "PromptSearch": Shown(("prompt-search", "prompt-search-words"), "Prompt history", counts=True),
    "PasteView": Shown(("paste-view",), "Paste", counts=True),
    "StashList": Shown(("stash",), "Stashed drafts", counts=True),
    "MessageFacts": Shown(("facts",), "Facts", counts=True),
    "TreePage": Shown(("tree", "tree-no-match"), "Tree", counts=True, empty={"tree-no-match": "No message has"}),
    "NamesList": Shown(
        ("presets", "presets-no-match"), "Presets", counts=True, empty={"presets-no-match": "No name has"}
    ),
    "ParametersBoard": Shown(
        ("params", "params-field", "params-refused"), "Parameters", failed={"params-refused": "must be auto"}
    ),
    "Palette": Shown(
        ("palette", "palette-words", "palette-no-match"),
        "Commands",
        counts=True,
        empty={"palette-no-match": "No command has"},
    ),
    "KeyTrial": Shown(("key-trial",), "Press a key"),
}


def classes() -> set[str]:
    """The names of all panes and dialogs, without those that are only the base of one."""
    kinds = [kind for base in (Dialog, Pane) for kind in kinds_of(base)]
    return {kind.__name__ for kind in kinds if kind is not CallFinder}


def kinds_of(base: type[Base]) -> list[type[Base]]:
    """All classes of ours of one kind, found by importing everything where they may be."""
    for package in (tui_chat.ui.dialogs, tui_chat.ui.panes):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return [kind for kind in _below(base) if kind.__module__.startswith("tui_chat")]


def _below(kind: type[Base]) -> Iterator[type[Base]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)

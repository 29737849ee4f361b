"""No string that comes from anywhere is parsed as markup, in any module of the screen."""

import ast
from pathlib import Path

import pytest

import tui_chat.ui
from tests.ui.markup_rule import breaches, content_functions


def test_nothing_is_parsed_as_markup() -> None:
    files = sorted(Path(tui_chat.ui.__file__).parent.rglob("*.py"))
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    functions = content_functions(list(trees.values()))
    found = [
        f"{file.name}:{breach.line} {breach.what}"
        for file, tree in trees.items()
        for breach in breaches(tree, functions)
    ]

    assert found == [], "wrap it in Content(…), or say markup=False"


IMPORTS = "from textual.widgets import Static, Label, Button\nfrom textual.command import Hit\n"


@pytest.mark.parametrize(
    "code",
    [
        "app.notify(words)",
        "app.notify('words')",
        "app.notify(words, markup=True)",
        "Static(words)",
        "Static(f'{words}')",
        "Label(sanitize(words))",
        "Button('ok' if fine else words)",
        "Hit(1, words, run)",
        "box.border_title = words",
        "box.tooltip = 'a ' + words",
        "self.query_one('#a', Static).update(words)",
        "Content.from_markup(words)",
        "app.panic(words)",
        "class Line(Static):\n    def show(self, words):\n        self.update(words)",
        "class Line(Static):\n    def __init__(self, words: str):\n        super().__init__(words)",
        "def f(words):\n    line = Content('a')\n    line = words\n    Static(line)",
        "for words in all:\n    Static(words)",
    ],
)
def test_a_string_is_told(code: str) -> None:
    assert list(breaches(ast.parse(IMPORTS + code), set()))


@pytest.mark.parametrize(
    "code",
    [
        "app.notify(words, markup=False)",
        "Static('Enter takes it')",
        "Static(Content(words), id=words)",
        "Label(words, markup=False)",
        "Static(drawn(words))",
        "Content.from_markup('[b]$name[/]', name=words)",
        "counts.update(words)",
        "_A = Content('a')\ndef f():\n    b = Content(words) if words else _A\n    self.query_one(Static).update(b)",
        "class Line(Static):\n    def show(self, words: Content):\n        self.update(words)",
        "box.border_title = None",
    ],
)
def test_what_cannot_be_parsed_is_not_told(code: str) -> None:
    assert list(breaches(ast.parse(IMPORTS + code), {"drawn"})) == []

"""The sources of a package as trees, each parsed once for all tests that look at the code."""

import ast
from functools import cache
from pathlib import Path


def trees_in(folder: Path) -> dict[Path, ast.Module]:
    """The trees of all modules in a folder; nobody changes them."""
    return {file: _tree(file) for file in sorted(folder.rglob("*.py"))}


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))

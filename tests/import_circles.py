"""Circles of imports in a package, read from its source: what is imported for types alone, or inside a function, counts
as well. A circle that only a lazy import hides still makes one module of several."""

import ast
from collections.abc import Collection, Iterator, Mapping, Set
from pathlib import Path

Imports = Mapping[str, Set[str]]
"""Module -> the modules of the same package that it names."""


def read_imports(package: Path) -> Imports:
    """Who imports whom in a package, given its folder. Relative imports are not read: the linter bans them."""
    files = {_name(file, package): file for file in sorted(package.rglob("*.py"))}
    return {name: set(_imported(ast.parse(file.read_text("utf-8")), files)) for name, file in files.items()}


def find_circles(imports: Imports) -> list[list[str]]:
    """The groups of modules that reach each other, the largest first."""
    reached = {name: _reach(imports, name) for name in imports}
    groups = {frozenset(each for each in reached[name] if name in reached[each]) for name in imports}
    return sorted((sorted(group) for group in groups if group), key=lambda group: (-len(group), group))


def _name(file: Path, package: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module, modules: Collection[str]) -> Iterator[str]:
    """The modules that a source names. `from a import b` names `a.b` where that is a module, else `a`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases if alias.name in modules)
            case ast.ImportFrom(module=str(source), names=aliases):
                inner = (f"{source}.{alias.name}" for alias in aliases)
                yield from (name for name in (each if each in modules else source for each in inner) if name in modules)
            case _:
                pass


def _reach(imports: Imports, start: str) -> set[str]:
    """What a module imports, directly or by others; itself only where it is in a circle."""
    reached: set[str] = set()
    waiting = list(imports[start])
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(imports[name])
    return reached

"""The rule that no text is parsed as markup: read from the code, so that it holds where no test looks.

Textual parses strings as markup in most of what shows them, and a `[/x]` in one ends the program. So what is shown is
a literal, a `Content` or a rich `Text`, or a name or call that is nothing else; a widget may also be told
`markup=False`. Strict on purpose: who has a string wraps it in `Content(…)`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

SHOWN_AT: dict[str, int] = {
    **dict.fromkeys(("Static", "Label", "Button", "Checkbox", "RadioButton", "Option", "TabPane", "Link", "Digits"), 0),
    **dict.fromkeys(("DiscoveryHit", "Collapsible", "Tree", "OptionList"), 0),
    "Hit": 1,
}
"""What shows an argument, where it comes from Textual, and which."""
SHOWN_AS = {"border_title", "border_subtitle", "tooltip"}
"""Attributes that are parsed."""
PARSES = {"from_markup", "from_text", "render_markup"}
SAFE_CLASSES = {"Content", "Text"}
_BINDS = ast.AugAssign | ast.AnnAssign | ast.For | ast.comprehension | ast.NamedExpr


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where a string could be parsed."""

    line: int
    what: str


def content_functions(trees: list[ast.Module]) -> set[str]:
    """The names of all functions that say that they return a `Content` or a `Text`, or None."""
    return {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_safe_type(node.returns)
    }


def breaches(tree: ast.Module, functions: set[str]) -> Iterator[Breach]:
    """Every place in a module where a string could be parsed as markup."""
    from_textual = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual")
        for alias in node.names
    }
    yield from _in_scope(tree, {}, functions, from_textual, shows_itself=False)


def _in_scope(
    scope: ast.AST, outer: dict[str, bool], functions: set[str], from_textual: set[str], *, shows_itself: bool
) -> Iterator[Breach]:
    """One function, class or module with what stands in it; `outer` says which names around it are safe."""
    if isinstance(scope, ast.ClassDef):
        shows_itself = any(isinstance(base, ast.Name) and base.id in ("Static", "Label") for base in scope.bases)
    names = dict(outer)
    inside = list(_own_nodes(scope))
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        names |= {argument.arg: _is_safe_type(argument.annotation) for argument in _arguments(scope)}
    for _ in range(2):  # a name may be made of one that is assigned further down
        names |= _assigned(inside, names, functions)
    for node in inside:
        if isinstance(node, ast.Call):
            yield from _in_call(node, names, functions, from_textual, shows_itself=shows_itself)
        elif isinstance(node, ast.Assign):
            shown = [target for target in node.targets if isinstance(target, ast.Attribute) and target.attr in SHOWN_AS]
            if shown and not _is_safe(node.value, names, functions):
                yield Breach(node.lineno, shown[0].attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _in_scope(node, names, functions, from_textual, shows_itself=shows_itself)


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _own_nodes(child)


def _arguments(scope: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]


def _assigned(nodes: list[ast.AST], names: dict[str, bool], functions: set[str]) -> dict[str, bool]:
    """Names that hold nothing but what may be shown."""
    found: dict[str, bool] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = found.get(target.id, True) and _is_safe(node.value, names, functions)
        elif isinstance(node, _BINDS) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, isinstance(node, ast.AnnAssign) and _is_safe_type(node.annotation))
    return found


def _in_call(
    call: ast.Call, names: dict[str, bool], functions: set[str], from_textual: set[str], *, shows_itself: bool
) -> Iterator[Breach]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    has_no_markup = any(
        keyword.arg == "markup" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in call.keywords
    )
    if name == "notify" and not has_no_markup:
        yield Breach(call.lineno, "notify without markup=False")
    elif name in PARSES and not (call.args and isinstance(call.args[0], ast.Constant)):
        yield Breach(call.lineno, name)
    elif not has_no_markup and ((name in SHOWN_AT and name in from_textual) or _shows(call, shows_itself)):
        at = SHOWN_AT.get(name, 0)
        shown = [*call.args[at : at + 1], *(each.value for each in call.keywords if each.arg in SHOWN_AS | {"title"})]
        if not all(_is_safe(each, names, functions) for each in shown):
            yield Breach(call.lineno, name)


def _shows(call: ast.Call, shows_itself: bool) -> bool:
    """`update` of a Static or a Label, as it is fetched here or as oneself; and `super().__init__` of one."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("update", "__init__", "panic"):
        return False
    owner = call.func.value
    if call.func.attr == "panic":
        return True
    if isinstance(owner, ast.Name) and owner.id == "self":
        return shows_itself
    if not isinstance(owner, ast.Call):
        return False
    if isinstance(owner.func, ast.Name) and owner.func.id == "super":
        return shows_itself
    return any(isinstance(each, ast.Name) and each.id in ("Static", "Label") for each in owner.args)


def _is_safe_type(annotation: ast.expr | None) -> bool:
    return annotation is not None and set(ast.unparse(annotation).strip("\"'").split(" | ")) <= {*SAFE_CLASSES, "None"}


def _is_safe(shown: ast.expr, names: dict[str, bool], functions: set[str]) -> bool:
    match shown:
        case ast.Constant():
            return True
        case ast.Name(name):
            return names.get(name, False)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_safe(body, names, functions) and _is_safe(orelse, names, functions)
        case ast.BinOp(left=left, right=right):
            return _is_safe(left, names, functions) and _is_safe(right, names, functions)
        case ast.Call(func=ast.Name(name)):
            return name in SAFE_CLASSES or name in functions
        case ast.Call(func=ast.Attribute(value=ast.Name("Content"), attr=made)):
            return made in ("styled", "assemble", "empty", "blank")
        case ast.Call(func=ast.Attribute(value=ast.Call() as owner, attr="join")):
            return _is_safe(owner, names, functions)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in functions
        case _:
            return False

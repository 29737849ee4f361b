"""What becomes of the marks of a call's arguments where its tool has another schema."""

from typing import Final

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.partial_json import parse
from tui_chat.core.schema_marks import SchemaMarks
from tui_chat.core.schema_rules import Verdict
from tui_chat.workspace.argument_check import check

SAME: Final = "No mark changes."
WHOLE: Final = "all arguments together"
UNSURE: Final = "not judged"
_WORDS: Final = {Verdict.RIGHT: "right", Verdict.OPEN: UNSURE}
MOST_CHANGES: Final = 50


def changes_between(arguments: str, before: JsonObject | None, after: JsonObject) -> tuple[str, ...]:
    """A line for each mark that another schema changes: `days: was not in the schema, now right`. `before` is None
    where the tool was not known. It takes up to seconds: call it in a thread."""
    old, new = _judged(arguments, before), _judged(arguments, after)
    changed = [
        f"{name or WHOLE}: was {old.get(name, _rest(name))}, now {new.get(name, _rest(name))}"
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
    return tuple(changed[:MOST_CHANGES]) or (SAME,)


def _judged(arguments: str, schema: JsonObject | None) -> dict[str, str]:
    """What is said of each member, of those that are missing, and of the whole, as a validator has it in the end."""
    parsed = parse(arguments)
    marks = SchemaMarks(schema)
    marks.follow(parsed)
    checked = check(schema, parsed.root[0]) if schema is not None and parsed.is_whole and marks.leaves_open else None
    if checked is not None:
        marks.settle(checked.members)
    said: dict[str, str] = {}
    for member, judged in zip(parsed.members, marks.marks, strict=False):
        where = f"{judged.where.removeprefix('.')}: " if judged.where else ""
        unnamed = judged.verdict is not Verdict.WRONG and not marks.names(member.name)
        words = _WORDS.get(judged.verdict, f"wrong ({where}{judged.why})")
        said[member.name] = "not in the schema" if unnamed else words
    said.update((missing.name, "missing") for missing in marks.missing())
    if checked is not None and checked.whole:
        said[""] = f"wrong ({'; '.join(checked.whole)})"
    return said


def _rest(name: str) -> str:
    return "not asked for" if name else "right"

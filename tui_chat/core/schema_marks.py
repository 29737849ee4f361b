"""Marks of a call's arguments against the schema of its tool, while they arrive.

Each member of the arguments has one mark. It is set when it is certain, and never taken back: what a mark says of a
value, a validator says of it too, whatever comes after. The text is followed where it grows, so each value in it is
judged once, however often it is looked at.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tui_chat.core.json_levels import Member
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.partial_json import PartialJson
from tui_chat.core.schema_following import Follower
from tui_chat.core.schema_rules import OPEN, RIGHT, Judged, SchemaRules, Verdict, Whole, wrong
from tui_chat.core.schema_shape import UNKNOWN


class Missing(NamedTuple):
    """A member that is required and has not come."""

    name: str
    wanted: str
    """What is wanted for it, in a few words; empty where that is not known."""


class SchemaMarks:
    """The marks of one call; without a schema all stay open."""

    def __init__(self, schema: JsonObject | None) -> None:
        self._has_schema = schema is not None
        self._rules = SchemaRules(schema or {})
        self._shape = self._rules.shape(self._rules.root)
        self._is_exact = self._has_schema and self._shape.is_exact and not self._shape.combines
        self.marks: list[Judged] = []
        """By the members of the arguments, in their order."""
        self._names: list[str] = []
        """Of the same members."""
        self._known: set[str] = set()
        self._done = 0
        """Members that are complete and judged."""
        self._follower: Follower | None = None
        """Of the member that is open, where that is a container."""

    @property
    def properties(self) -> Sequence[str]:
        """Members that the schema names."""
        return tuple(self._shape.properties)

    @property
    def leaves_open(self) -> bool:
        """A member that is complete could not be judged here, or the schema says more than its members do: only a
        validator can tell."""
        judged = self.marks[: self._done]
        return self._has_schema and (not self._is_exact or any(mark.verdict is Verdict.OPEN for mark in judged))

    def names(self, name: str) -> bool:
        """Say whether the schema names this member, or says that others may come, or names none at all."""
        shape = self._shape
        return not shape.properties or name in shape.properties or "additionalProperties" in self._rules.root

    def missing(self) -> list[Missing]:
        """Members that are required and have not come."""
        names = [name for name in dict.fromkeys(self._shape.required) if name not in self._known]
        return [Missing(name, self._rules.expectation(self._shape.properties.get(name, True))) for name in names]

    def follow(self, parsed: PartialJson) -> None:
        """Judge what has come since the last call."""
        members = parsed.members
        while self._done < len(members):
            member = members[self._done]
            if self._done == len(self.marks):
                self._begin(member.name)
            if member.end is None:
                if parsed.problem is None and self._has_schema:
                    self._follow_open(member, parsed)
                return
            self._close(member)
            self._done += 1

    def settle(self, faults: Mapping[str, str]) -> None:
        """Take what a validator said of the whole value: names of members that are at fault, and why. Marks that were
        shown stay."""
        for at in range(self._done):
            name = self._names[at]
            self._set(at, wrong(faults[name]) if name in faults else RIGHT)

    def _begin(self, name: str) -> None:
        self._names.append(name)
        self._known.add(name)
        is_refused = self._has_schema and self._shape.is_closed and name not in self._shape.properties
        self.marks.append(wrong("not in the schema") if is_refused else OPEN)
        self._follower = None

    def _set(self, at: int, judged: Judged) -> None:
        """Set a mark, unless there is one."""
        if self.marks[at].verdict is Verdict.OPEN:
            self.marks[at] = judged

    def _schema_of(self, name: str) -> JsonValue:
        return self._shape.member(name) if self._has_schema else UNKNOWN

    def _follow_open(self, member: Member, parsed: PartialJson) -> None:
        if self.marks[self._done].verdict is not Verdict.OPEN:
            return
        schema, levels, tip = self._schema_of(member.name), parsed.levels[1:], parsed.tip
        if levels:
            self._follower = self._follower or Follower(self._rules, schema)
            fault = self._follower.follow(levels, tip)
            if fault is not None:
                self._set(self._done, fault)
        elif tip is not None:
            self._set(self._done, self._held(self._rules.judge(schema, tip)))

    def _close(self, member: Member) -> None:
        follower, self._follower = self._follower, None
        if self.marks[self._done].verdict is not Verdict.OPEN:
            return
        if follower is not None:
            judged = follower.close()
        else:
            judged = self._rules.judge(self._schema_of(member.name), Whole(member.value))
        self._set(self._done, self._held(judged))

    def _held(self, judged: Judged) -> Judged:
        """Leave open what is right by its own schema, where that of the whole may say more of it."""
        return OPEN if judged.verdict is Verdict.RIGHT and not self._is_exact else judged

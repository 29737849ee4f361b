"""One container of a call's arguments, judged against its schema while it grows: each value in it once.

A stack of frames stands for the containers that are open, as the parser has them. What is complete in a frame is judged
when it is followed the next time; a fault deep within is a fault of the whole, and known at once.
"""

from collections.abc import Sequence
from typing import Final

from tui_chat.core.json_levels import Kind, Level, Tip
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.schema_rules import OPEN, RIGHT, Judged, SchemaRules, Verdict, Whole, wrong
from tui_chat.core.schema_shape import Shape

DEEPEST: Final = 32
"""Containers within each other that are followed; deeper ones are judged when the one at this depth is complete."""


class _Frame:
    """A container that is open, and what was found in it."""

    def __init__(self, level: Level, schema: JsonValue, shape: Shape, *, is_right: bool) -> None:
        self.level = level
        self.schema = schema
        self.shape = shape
        self.judged = 0
        """Children that were judged."""
        self.fault: Judged | None = None
        self.is_right = is_right
        """It is of the right kind, and all its children so far are right."""

    def child(self, index: int) -> tuple[JsonValue, str]:
        """The schema of a child, and the step to it."""
        if isinstance(self.level.value, dict):
            name = self.level.keys[index]
            return self.shape.member(name), f".{name}"
        return self.shape.items, f"[{index}]"

    def open_child(self) -> tuple[JsonValue, str]:
        """The same of the child that is open."""
        is_object = isinstance(self.level.value, dict)
        return self.child(len(self.level.keys) - 1 if is_object else self.judged)

    def note(self, judged: Judged, step: str) -> None:
        """Take the verdict of the next child."""
        self.judged += 1
        self.is_right = self.is_right and judged.verdict is Verdict.RIGHT
        if judged.verdict is Verdict.WRONG and self.fault is None:
            self.fault = judged.below(step)

    def advance(self, rules: SchemaRules, count: int) -> None:
        """Judge the children up to this count: those that are complete. Where a name came twice, the end tells."""
        value = self.level.value
        if self.level.is_repeated:
            return
        while self.judged < count and self.fault is None:
            schema, step = self.child(self.judged)
            child = value[self.level.keys[self.judged]] if isinstance(value, dict) else value[self.judged]
            self.note(rules.judge(schema, Whole(child)), step)
        is_object = isinstance(value, dict)
        most = self.shape.most_members if is_object else self.shape.most_items
        if self.fault is None and len(value) > most:
            self.fault = wrong(f"more than {most:g} {'members' if is_object else 'items'}")


class Follower:
    """Judges one member of the arguments that is a container."""

    def __init__(self, rules: SchemaRules, schema: JsonValue) -> None:
        self._rules = rules
        self._schema = schema
        self._frames: list[_Frame] = []

    def follow(self, levels: Sequence[Level], tip: Tip | None) -> Judged | None:
        """Judge what came since; `levels` are the member and the containers that are open in it. Gives the fault, once
        there is one."""
        common = 0
        while common < min(len(self._frames), len(levels)) and self._frames[common].level is levels[common]:
            common += 1
        if common < len(self._frames):
            self._leave(common)
        fault = self._enter(levels, tip)
        if fault is None and tip is not None and len(self._frames) == len(levels):
            schema, _ = self._frames[-1].open_child()
            judged = self._rules.judge(schema, tip)
            fault = self._outward(judged, len(levels)) if judged.verdict is Verdict.WRONG else None
        return fault

    def close(self) -> Judged:
        """The verdict when the member is complete."""
        return self._leave(0)

    def _leave(self, depth: int) -> Judged:
        """Take the frames from this depth on as complete; gives the verdict of the outermost of them."""
        judged = OPEN
        while len(self._frames) > depth:
            frame = self._frames.pop()
            judged = self._ended(frame)
            if self._frames:
                above = self._frames[-1]
                above.note(judged, above.child(above.judged)[1])
        return judged

    def _ended(self, frame: _Frame) -> Judged:
        """The verdict of a container that is complete."""
        value = frame.level.value
        frame.advance(self._rules, len(frame.level.keys) if isinstance(value, dict) else len(value))
        if frame.fault is not None:
            return frame.fault
        judged = self._rules.ending(frame.shape, value)
        if judged.verdict is Verdict.WRONG:
            return judged
        if frame.shape.combines or frame.level.is_repeated:
            return self._rules.judge(frame.schema, Whole(value))
        return RIGHT if frame.is_right and frame.shape.is_exact else OPEN

    def _enter(self, levels: Sequence[Level], tip: Tip | None) -> Judged | None:
        """Judge what is complete in the containers that are open, the outermost first."""
        while True:
            depth = len(self._frames)
            if depth:
                frame = self._frames[-1]
                frame.advance(self._rules, _complete(frame.level, has_deeper=depth < len(levels), tip=tip))
                if frame.fault is not None:
                    return self._outward(frame.fault, depth - 1)
            if depth >= min(len(levels), DEEPEST):
                return None
            level = levels[depth]
            schema = self._frames[-1].open_child()[0] if depth else self._schema
            kind = Kind.OBJECT if isinstance(level.value, dict) else Kind.ARRAY
            judged = self._rules.judge(schema, Tip(kind))
            if judged.verdict is Verdict.WRONG:
                return self._outward(judged, depth)
            is_right = judged.verdict is Verdict.RIGHT
            self._frames.append(_Frame(level, schema, self._rules.shape(schema), is_right=is_right))

    def _outward(self, judged: Judged, depth: int) -> Judged:
        """What was found in the open child of the frame above `depth`, seen from the member."""
        for frame in reversed(self._frames[:depth]):
            judged = judged.below(frame.open_child()[1])
        return judged


def _complete(level: Level, *, has_deeper: bool, tip: Tip | None) -> int:
    """Children of an open container that are complete."""
    if isinstance(level.value, dict):
        return len(level.keys) - (has_deeper or tip is not None)
    return len(level.value) - (has_deeper or level.holds_open)

"""What two programs have changed of one thing comes together: what one of them did not change, it has no word on."""

from typing import NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from tui_chat.core.marks import Marks
from tui_chat.core.tree import Conversation

_T = TypeVar("_T", bound=msgspec.Struct)

_TOGETHER = (
    ("title", "is_named"),
    ("preset", "preset_sampling", "preset_tools"),
    ("max_tokens", "max_completion_tokens"),
)
"""Fields that say one thing."""


class Marked(NamedTuple):
    """Marks that were given to a message."""

    node_id: str
    before: Marks
    """What it was marked with, as far as whoever marked it knew."""
    marks: Marks


def changed_conversation(there: Conversation, before: Conversation, now: Conversation) -> Conversation:
    """What is `there`, with what was changed from `before` to `now`. Switches of tools are those of `now`: each bears
    its time."""
    changed = _changed(there, before, now)
    sampling = _changed(there.sampling, before.sampling, now.sampling)
    return replace(changed, sampling=sampling, tool_switches=now.tool_switches)


def changed_marks(there: Marks, before: Marks, now: Marks) -> Marks:
    """What is `there`, with what was changed from `before` to `now`; of labels each is changed by itself."""
    gone = set(before.labels).difference(now.labels)
    new = (label for label in now.labels if label not in before.labels)
    labels = dict.fromkeys((*(label for label in there.labels if label not in gone), *new))
    return replace(_changed(there, before, now), labels=tuple(labels))


def _changed(there: _T, before: _T, now: _T) -> _T:
    names: set[str] = set()
    for name in now.__struct_fields__:
        if getattr(before, name) != getattr(now, name):
            names.update(next((group for group in _TOGETHER if name in group), (name,)))
    return replace(there, **{name: getattr(now, name) for name in now.__struct_fields__ if name in names})

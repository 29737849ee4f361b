"""Tools that a person has switched off or on in one conversation, each with the time, so that what two programs have
switched comes together: of each tool the latest word counts."""

import math
from collections.abc import Iterable
from typing import Final

import msgspec

MOST_KEPT: Final = 1000
"""Switches of one conversation; of more the latest."""
LONGEST_NAME: Final = 300


class ToolSwitch(msgspec.Struct, frozen=True, gc=False):
    """One tool, as it was switched last."""

    name: str
    """See `Tool.lasting_name`."""
    is_off: bool | None
    """None is neither off nor on: what a preset has of it counts, which was chosen later."""
    at: float
    """Seconds since the epoch, UTC."""


ToolSwitches = tuple[ToolSwitch, ...]


def merged(*switches: Iterable[ToolSwitch]) -> ToolSwitches:
    """The latest switch of each tool, by name; of two at one time the one that is off. What cannot be the name of a
    tool, or a time, is left out."""
    latest: dict[str, ToolSwitch] = {}
    for each in (each for several in switches for each in several):
        known = latest.get(each.name, each)
        if _is_sound(each) and (each.at, bool(each.is_off)) >= (known.at, bool(known.is_off)):
            latest[each.name] = each
    kept = sorted(latest.values(), key=lambda each: each.at)[-MOST_KEPT:]
    return tuple(sorted(kept, key=lambda each: each.name))


def switched(before: ToolSwitches, names: Iterable[str], is_off: bool | None, at: float) -> ToolSwitches:
    """The switches where these tools are switched so from now on; what stays as it is keeps its time."""
    known = {each.name: each for each in before}
    changed = [name for name in names if name not in known or known[name].is_off is not is_off]
    at = max([at, *(math.nextafter(known[name].at, math.inf) for name in changed if name in known)])
    return merged(before, (ToolSwitch(name, is_off, at) for name in changed))


def _is_sound(switch: ToolSwitch) -> bool:
    is_name = 0 < len(switch.name) <= LONGEST_NAME and switch.name.isprintable()
    return is_name and math.isfinite(switch.at) and switch.at >= 0

"""The tables `[preset.NAME]`: a model, a system prompt, tools and parameters under one name, and what is wrong in one.

A field that cannot be used is left out, and the rest of the preset counts.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.core.errors import SettingsError
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.nearest import nearest
from tui_chat.core.request import Sampling
from tui_chat.core.routing import FIELD, PREFIX
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.parameters import ABOUT_TOOLS, PARAMETERS, given_in, with_parameter
from tui_chat.settings.problem import Fault

_NAME: Final = lazy_pattern(r"[A-Za-z0-9_-]{1,64}")
_CONTROL: Final = lazy_pattern(r"[\x00-\x1f\x7f-\x9f]")
_TOOL: Final = lazy_pattern(r"[^\s\x00-\x1f\x7f-\x9f]{1,193}")
_MOST_TOOLS: Final = 256
_FIELDS: Final = ("model", "system", "tools", *PARAMETERS, *ABOUT_TOOLS, FIELD, "extra")
NONE: Final = "none"
"""The name that stands for no preset."""


class Preset(msgspec.Struct, frozen=True):
    """One `[preset.NAME]`."""

    name: str
    model: str = ""
    """Empty leaves the model."""
    system: str | None = None
    """None leaves the system prompt; an empty one sends none."""
    sampling: Sampling = Sampling()
    tools: tuple[str, ...] | None = None
    """Names, or patterns of names, of the tools that are on; None leaves the tools, an empty one turns all off."""

    @property
    def fields(self) -> dict[str, str]:
        """The fields that are set, as words, not sanitised."""
        said = {"model": self.model, "system": self.system or ""}
        if self.tools is not None:
            said["tools"] = ", ".join(self.tools) or NONE
        return {**{name: words for name, words in said.items() if words}, **given_in(self.sampling)}


def read_presets(offered: object) -> Mapping[str, Preset] | None:
    """The presets of the table `preset`; None where one of them cannot be used."""
    if not isinstance(offered, Mapping):
        return None
    read = {name: _read(name, table)[0] for name, table in offered.items()}
    usable = {name: preset for name, preset in read.items() if preset is not None}
    return usable if len(usable) == len(read) else None


def judge_preset(name: str, offered: object) -> tuple[Fault, ...]:
    """What is wrong in one table `[preset.NAME]`."""
    return _read(name, offered)[1]


def find_preset(presets: Mapping[str, Preset], name: str) -> Preset:
    """The preset of this name.

    Raises:
        SettingsError: there is none; the message says which there are, and which one was likely meant.
    """
    if (found := presets.get(name)) is not None:
        return found
    shown = sanitize_line(name, 64)
    if not presets:
        raise SettingsError(
            f"There is no preset {shown}.", "A table like [preset.short] in the settings file makes one."
        )
    close = nearest(name, presets)
    advice = f"Did you mean {close}?" if close else f"There are {', '.join(presets)}."
    raise SettingsError(f"There is no preset {shown}.", advice)


def _read(name: str, offered: object) -> tuple[Preset | None, tuple[Fault, ...]]:
    """The preset, None where it cannot be used, and its faults."""
    if not _NAME.fullmatch(name) or name == NONE:
        words = f"a preset's name takes letters, digits, - and _, no more than 64 of them, and is not {NONE}"
        return None, (Fault((), words),)
    if not isinstance(offered, Mapping):
        return None, (Fault((), f"must be a table like [preset.{name}] with a line like temperature = 0.2"),)
    faults = [Fault((field,), _unknown(field), is_fatal=False) for field in offered if field not in _FIELDS]
    model, system, sampling = offered.get("model", ""), offered.get("system"), Sampling()
    if not isinstance(model, str) or _CONTROL.search(model):
        faults.append(Fault(("model",), "must be a model id", is_fatal=False))
        model = ""
    if system is not None and not isinstance(system, str):
        faults.append(Fault(("system",), "must be text", is_fatal=False))
        system = None
    if (tools := _tools(offered.get("tools"))) is None and "tools" in offered:
        words = f"must be a list of up to {_MOST_TOOLS} names of tools; till then all are off"
        faults.append(Fault(("tools",), words, is_fatal=False))
        tools = ()
    extra = offered.get("extra", {})
    if not isinstance(extra, Mapping):
        faults.append(Fault(("extra",), "must be a table like { top_k = 40 }", is_fatal=False))
        extra = {}
    routing = offered.get(FIELD, {})
    if not isinstance(routing, Mapping):
        faults.append(Fault((FIELD,), 'must be a table like { sort = "price" }', is_fatal=False))
        routing = {}
    given = [((field,), offered[field]) for field in (*PARAMETERS, *ABOUT_TOOLS) if field in offered]
    tables = {"extra": extra, FIELD: routing}
    below = [((table, field), value) for table, held in tables.items() for field, value in held.items()]
    for path, value in (*given, *below):
        if path[0] == "extra" and path[1] in (*PARAMETERS, *ABOUT_TOOLS):
            words = f"stands above, as a field of the preset itself: {path[1]} = …"
            faults.append(Fault(path, words, is_fatal=False))
            continue
        field = PREFIX + path[1] if path[0] == FIELD else path[-1]
        try:
            sampling = with_parameter(sampling, field, value)
        except SettingsError as refused:
            words = refused.failure.message.removeprefix(f"{field} ").removesuffix(".")
            faults.append(Fault(path, words, is_fatal=False))
    return Preset(name, model.strip(), system, sampling, tools), tuple(faults)


def _tools(offered: object) -> tuple[str, ...] | None:
    """The names of tools, one alone too; None where they are none."""
    listed = (offered,) if isinstance(offered, str) else offered
    if not isinstance(listed, list | tuple) or len(listed) > _MOST_TOOLS:
        return None
    names = tuple(name for name in listed if isinstance(name, str) and _TOOL.fullmatch(name))
    return tuple(dict.fromkeys(names)) if len(names) == len(listed) else None


def _unknown(field: str) -> str:
    close = nearest(field, _FIELDS)
    also = "further fields of a request go into extra"
    return f"unknown; did you mean {close}?" if close else f"unknown; {also}, else there are {', '.join(_FIELDS)}"

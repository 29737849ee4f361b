"""The parameters of the open conversation: what each is, where its value comes from, and changing them.

Its own parameters count before those of its preset, which it keeps as they were, and those before the settings.
"""

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core.errors import SettingsError
from tui_chat.core.nearest import nearest
from tui_chat.core.request import Sampling
from tui_chat.core.routing import PREFIX
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.taken import EFFORT, is_taken
from tui_chat.core.tree import Conversation
from tui_chat.settings.parameters import (
    ABOUT_TOOLS,
    PARAMETERS,
    ROUTING,
    given_in,
    meant_instead,
    rule_of,
    typed_pairs,
    with_parameter,
)
from tui_chat.settings.presets import NONE, Preset, find_preset
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs a session
    from tui_chat.chat.session import Session
    from tui_chat.core.answer import AnswerInfo
    from tui_chat.workspace.conversation import OpenConversation

EFFORTS: Final = ("low", "medium", "high")
"""Levels of reasoning effort that most models with any have."""
MODELS_OWN: Final = "the model's own"
GATEWAYS_OWN: Final = "the gateway's own"
_LONGEST: Final = 80
_ROUTING: Final = tuple(PREFIX + name for name in ROUTING)
_UNUSUAL: Final = ("max_completion_tokens",)
"""Parameters that are listed only where they have a value."""


class ParameterRow(msgspec.Struct, frozen=True):
    """One parameter as it stands."""

    name: str
    value: str
    """As it can be typed, not sanitised; empty where nobody set it."""
    source: str
    """Where the value comes from, in words."""
    is_own: bool
    """The conversation itself has set it."""
    is_taken: bool
    """The model takes it, as far as its catalogue says; else it is not sent."""
    allowed: str
    """What it takes; empty for a free field."""


def rows(session: "Session") -> tuple[ParameterRow, ...]:
    """Every parameter, and the free fields that are set."""
    conversation = session.conversation
    own, preset = given_in(conversation.sampling), given_in(conversation.preset_sampling)
    settings = given_in(session.services.sampling)
    catalog = session.services.catalog.known()
    given = {**settings, **preset, **own}
    about_tools = tuple(ABOUT_TOOLS) if session.asking.offered else ()
    names = (
        *(name for name in PARAMETERS if name not in _UNUSUAL or name in given),
        *about_tools,
        *_ROUTING,
        *sorted(given.keys() - PARAMETERS - set(about_tools) - set(_ROUTING)),
    )

    def source(name: str) -> str:
        if name in own:
            return "this conversation"
        if name in preset:
            return f"preset {conversation.preset}"
        return "settings" if name in settings else _default_of(name)

    return tuple(
        ParameterRow(
            name,
            given.get(name, ""),
            source(name),
            name in own,
            is_taken(name, conversation.model, catalog),
            rule.allowed if (rule := rule_of(name)) is not None else "",
        )
        for name in names
    )


def _default_of(name: str) -> str:
    return GATEWAYS_OWN if name in _ROUTING else MODELS_OWN


def not_taken_words(model: str) -> str:
    """Say that the model does not take a parameter."""
    return f"not taken by {sanitize_line(model, _LONGEST)}"


def row_words(row: ParameterRow, model: str) -> str:
    """A parameter in a line of words: `temperature: 0.2, this conversation`."""
    value = sanitize_line(row.value, _LONGEST)
    words = f"{sanitize_line(row.name, 64)}: {value}, {row.source}" if value else f"{row.name}: {row.source}"
    return words if row.is_taken else f"{words}, {not_taken_words(model)}"


def asked_with_words(answer: "AnswerInfo") -> str:
    """The parameters that went out with the question: `temperature 0.2, seed 7`; empty where none did."""
    given = given_in(answer.sampling.without(answer.left_out)) if answer.sampling is not None else {}
    return ", ".join(f"{sanitize_line(name, 64)} {sanitize_line(value, _LONGEST)}" for name, value in given.items())


def changed(before: Sampling, pairs: str) -> Sampling:
    """The same with what was typed: `temperature=0.2 top_k=40`; nothing behind a sign takes a value away.

    Raises:
        SettingsError: something of it is not allowed.
    """
    for name, value in typed_pairs(pairs):
        before = with_parameter(before, name, value)
    return before


async def change(session: "Session", pairs: str) -> str:
    """Change the conversation's own parameters, and say what counts now; nothing changes where one is refused.

    Raises:
        CommandRefused: something of it is not allowed.
    """
    conversation = session.conversation
    try:
        names = [name for name, _ in typed_pairs(pairs)]
        sampling = changed(conversation.sampling, pairs)
    except SettingsError as refused:
        raise CommandRefused(f"{refused.failure.message} {refused.failure.advice}") from None
    await set_own(session, sampling)
    by_name = {row.name: row for row in rows(session)}
    said = [_change_words(by_name.get(name), name, session.conversation.model) for name in dict.fromkeys(names)]
    return f"From the next question on: {', '.join(said)}."


def _change_words(row: ParameterRow | None, name: str, model: str) -> str:
    """`seed 3`, `temperature 0.7 (settings)`, `top_p as the model has it`."""
    shown = sanitize_line(name, 64)
    if row is None:
        return f"no {shown}"
    if not row.value:
        return f"{shown} as the {'gateway' if name in _ROUTING else 'model'} has it"
    more = [] if row.is_own else [row.source]
    if not row.is_taken:
        more.append(not_taken_words(model))
    if row.is_own and (meant := meant_instead(name)):
        more.append(f"did you mean {meant}?")
    words = f"{shown} {sanitize_line(row.value, _LONGEST)}"
    return f"{words} ({', '.join(more)})" if more else words


def set_own(session: "Session", sampling: Sampling) -> Awaitable[None]:
    """Give the conversation these parameters of its own; its preset stays."""
    conversation = session.conversation
    return session.set_sampling(sampling, conversation.preset, conversation.preset_sampling)


# Reasoning effort


def effort(conversation: Conversation, settings: Sampling) -> str:
    """The reasoning effort that is asked for; empty where that is left to the model."""
    return conversation.sampling_over(settings).reasoning_effort or ""


def sent_effort(session: "Session") -> str:
    """The reasoning effort that is sent; empty where none is."""
    return effort(session.conversation, session.services.sampling) if takes_effort(session) else ""


def takes_effort(session: "Session") -> bool:
    """Whether the model takes a reasoning effort, as far as anybody can say."""
    return is_taken(EFFORT, session.conversation.model, session.services.catalog.known())


def check_effort(session: "Session") -> None:
    """Refuse where the model takes no reasoning effort.

    Raises:
        CommandRefused: it takes none.
    """
    if not takes_effort(session):
        raise CommandRefused(f"Reasoning effort is {not_taken_words(session.conversation.model)}.")


def effort_choices(session: "Session") -> tuple[str, ...]:
    """The levels to choose from, what is in force among them; empty stands for the model's own."""
    now = effort(session.conversation, session.services.sampling)
    return ("", *EFFORTS) if now in ("", *EFFORTS) else ("", *EFFORTS, now)


def next_effort(session: "Session") -> str:
    """The level that comes after the one in force, around the end; empty is the model's own."""
    choices = effort_choices(session)
    below = effort(msgspec.structs.replace(session.conversation, sampling=Sampling()), session.services.sampling)
    if below:  # taking the conversation's own away would leave that of the preset or the settings
        choices = choices[1:]
    now = effort(session.conversation, session.services.sampling)
    return choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]


async def set_effort(session: "Session", level: str) -> str:
    """Ask for this level; empty, or `default`, leaves it to whatever counts without it.

    Raises:
        CommandRefused: the model takes none, or this is no level.
    """
    check_effort(session)
    conversation = session.conversation
    try:
        sampling = with_parameter(conversation.sampling, EFFORT, level or None)
    except SettingsError as refused:
        raise CommandRefused(refused.failure.message) from None
    await set_own(session, sampling)
    now = effort(session.conversation, session.services.sampling)
    return f"Reasoning effort: {sanitize_line(now, 40) or MODELS_OWN}."


# Presets


async def use_preset(session: "Session", preset: Preset) -> None:
    """Ask with a preset from the next question on: with its model, its system prompt and its tools, where it has
    them, and with its parameters below the conversation's own."""
    if preset.model:
        await session.set_model(preset.model)
    if preset.system is not None:
        await session.set_system(preset.system)
    await session.set_preset(preset.name, preset.sampling, preset.tools)


async def switch_preset(conversation: "OpenConversation", presets: Mapping[str, Preset], name: str) -> str:
    """Use the preset of this name, or none, and say what counts.

    Raises:
        CommandRefused: there is none of this name.
    """
    session = conversation.session
    if name == NONE:
        await session.set_preset("", Sampling(), None)
        return "No preset any more; model and system prompt stay as they are."
    try:
        preset = find_preset(presets, name)
    except SettingsError as refused:
        raise CommandRefused(f"{refused.failure.message} {refused.failure.advice}") from None
    await use_preset(session, preset)
    conversation.recent.note(session.conversation.model)
    stronger = [each for each in given_in(preset.sampling) if each in given_in(session.conversation.sampling)]
    kept = f" This conversation keeps its own {', '.join(stronger)}: /params." if stronger else ""
    return " ".join(filter(None, (f"Preset {preset.name}: {preset_words(preset)}.{kept}", missing_words(session))))


def missing_words(session: "Session") -> str:
    """Say which tools the preset names and are none; empty where it names none of these, or a tool
    server may still tell of them: then the answer says it."""
    missing = [sanitize_line(name, 60) for name in session.asking.missing_tools]
    if not missing:
        return ""
    services = session.services
    known = (*(tool.name for tool in services.offered), *(each.tool.name for each in services.servers.listed))
    hints = [f"{name} (did you mean {close}?)" if (close := nearest(name, known)) else name for name in missing]
    return f"The preset names tools that are not set up: {', '.join(hints)}."


def preset_words(preset: Preset) -> str:
    """What a preset sets, in a line."""
    said = ((name, sanitize_line(value, 60)) for name, value in preset.fields.items())
    return " · ".join(f"{name} “{value}”" if " " in value else f"{name} {value}" for name, value in said) or "nothing"

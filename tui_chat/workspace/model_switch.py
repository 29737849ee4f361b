"""What is lost when a conversation goes on with another model: its context, tools, what was given along and
parameters are held against what the catalogue says that the model takes. What the catalogue does not say is no loss."""

from collections import Counter
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from tui_chat.core import figures
from tui_chat.core.given import CALLED, ability_for
from tui_chat.core.models import Ability, Catalog, ModelInfo
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.sending import sent_nodes
from tui_chat.core.taken import only_taken
from tui_chat.core.usage import estimate_prompt_cost
from tui_chat.workspace.compacting import is_worth_it
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.next_request import NextRequest
from tui_chat.workspace.switch_way import SwitchWay

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.core.request import Sampling
    from tui_chat.workspace.conversation import OpenConversation


class Verdict(Enum):
    """How a part of the conversation fits the model."""

    LOST = "lost"
    FITS = "fits"
    UNKNOWN = "unknown"


_SIGNS: Final = {Verdict.LOST: "▲", Verdict.FITS: "✓", Verdict.UNKNOWN: "–"}
_LABEL: Final = len("Parameters")
_SUBJECTS: Final = {
    Ability.TOOLS: "Tools",
    Ability.PICTURES: "Pictures",
    Ability.PDF: "PDFs",
    Ability.SOUND: "Sound",
}


class Point(NamedTuple):
    """One part of the conversation against the model."""

    verdict: Verdict
    subject: str
    words: str
    brief: str = ""
    """What is lost, in a few words."""


class Present(NamedTuple):
    """What is in a conversation that a model may not take."""

    context: ContextFill
    """How full it is, counted for the model that is in use."""
    tools: int
    given: Mapping[Ability, int]
    """How many pictures, documents and recordings of the person's go along."""
    sampling: "Sampling"
    is_begun: bool


def present_in(session: "Session") -> Present:
    """What is in the open conversation now."""
    nodes = sent_nodes(session.path)
    asked = (node for node in nodes if node.message.role is Role.USER)
    needed = (ability_for(part) for node in asked for part in node.message.parts)
    return Present(
        NextRequest().fill(session),
        len(session.asking.offered),
        Counter(ability for ability in needed if ability is not None),
        session.conversation.sampling_over(session.services.sampling),
        bool(nodes),
    )


def points_of(present: Present, model_id: str, catalog: Catalog) -> tuple[Point, ...]:
    """Every part that is there, against the model; nothing for a model that the catalogue does not have."""
    model = catalog.get(model_id)
    if model is None:
        return ()
    given = (_given(kind, present, model) for kind in CALLED)
    found = (_context(present, model), _tools(present, model), *given)
    return (*(point for point in found if point is not None), *_parameters(present, model, catalog))


def lost(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Those of them that are lost."""
    return tuple(point for point in points if point.verdict is Verdict.LOST)


def fits_context(present: Present, model: ModelInfo) -> bool:
    """Whether the model takes what is in the conversation, as far as anybody knows."""
    used = present.context.used
    return used is None or model.context_tokens is None or used <= model.context_tokens


def _context(present: Present, model: ModelInfo) -> Point | None:
    size = present.context.size
    if size is None:
        return None
    here, may = f"{present.context.words} are in this chat", "would" if size.is_counted else "may"
    if model.context_tokens is None:
        return Point(Verdict.UNKNOWN, "Context", f"{here}; not known how much it takes.")
    taken = f"it takes {figures.tokens(model.context_tokens)}"
    if fits_context(present, model):
        return Point(Verdict.FITS, "Context", f"{here}, {taken}.")
    return Point(
        Verdict.LOST, "Context", f"{here}, {taken}: the next request {may} fail.", f"Does not fit: {here}, {taken}."
    )


def _tools(present: Present, model: ModelInfo) -> Point | None:
    here = f"{present.tools} {'is' if present.tools == 1 else 'are'} on"
    return _taken(model, Ability.TOOLS, present.tools, here, "it takes none.")


def _given(kind: Ability, present: Present, model: ModelInfo) -> Point | None:
    count = present.given.get(kind, 0)
    return _taken(model, kind, count, f"{count} in this chat", "it takes none: they would not be sent.")


def _taken(model: ModelInfo, ability: Ability, count: int, here: str, lost: str) -> Point | None:
    """Whether so many things that need an ability are taken; None where there are none."""
    if not count:
        return None
    subject = _SUBJECTS[ability]
    none = CALLED[ability].many if ability in CALLED else ability.value
    match model.has(ability):
        case None:
            return Point(Verdict.UNKNOWN, subject, f"{here}; not known whether it takes any.")
        case True:
            return Point(Verdict.FITS, subject, f"{here}, it takes them.")
        case _:
            return Point(Verdict.LOST, subject, f"{here}, {lost}", f"No {none}: {here}.")


def _parameters(present: Present, model: ModelInfo, catalog: Catalog) -> tuple[Point, ...]:
    given = present.sampling.given
    _, refused = only_taken(present.sampling, model.id, catalog)
    points = []
    if refused:
        names = sanitize_line(", ".join(refused), 100)
        words = f"it does not take {names}: not sent."
        points.append(Point(Verdict.LOST, "Parameters", words, f"Without {names}."))
    if given and not model.supported_parameters and (unsure := [name for name in given if name not in refused]):
        words = f"not known whether it takes {sanitize_line(', '.join(unsure), 100)}; sent."
        points.append(Point(Verdict.UNKNOWN, "Parameters", words))
    return tuple(points)


# The question


class Switching(NamedTuple):
    """What is asked before a switch that loses something."""

    title: str
    points: tuple[Point, ...]
    price: str
    """What a request costs here and there; empty where that is not known."""
    ways: tuple[tuple[str, SwitchWay], ...]
    """The answers in words, the one that changes nothing first."""
    stays: str
    """The first of them in short."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What is asked, in lines."""
        said = (f"{_SIGNS[point.verdict]} {point.subject:<{_LABEL}} {point.words}" for point in self.points)
        return (*said, *((self.price,) if self.price else ()))


def question(conversation: "OpenConversation", model_id: str) -> Switching | None:
    """What to ask before this conversation goes on with the model; None where nothing is lost."""
    session = conversation.session
    now = session.conversation.model
    present = present_in(session)
    if not present.is_begun or model_id == now:
        return None
    catalog = session.services.catalog.known()
    points = points_of(present, model_id, catalog)
    if not (losses := lost(points)):
        return None
    outgrown = any(point.subject == "Context" for point in losses)
    ways = [(f"Keep {sanitize_line(now, 60)}", SwitchWay.STAY), ("Switch all the same", SwitchWay.SWITCH)]
    if outgrown and not conversation.is_answering and is_worth_it(session):
        ways.insert(1, ("Switch, and send a summary of what is above (/compact)", SwitchWay.SUMMARISE))
    return Switching(
        f"Switch to {_short(model_id)}?",
        points,
        _price_words(present, model_id, now, catalog),
        tuple(ways),
        f"keep {_short(now)}",
    )


def brief_words(points: tuple[Point, ...]) -> str:
    """What is lost, in a line: `Does not fit: 31k are in this chat, it takes 8k. No tools: 2 are on.`"""
    return " ".join(point.brief for point in lost(points))


def _price_words(present: Present, model_id: str, now: str, catalog: Catalog) -> str:
    before, after = catalog.get(now), catalog.get(model_id)
    if (used := present.context.used) is None or before is None or after is None:
        return ""
    here = estimate_prompt_cost(used, after.price)
    there = estimate_prompt_cost(used, before.price)
    if here is None or there is None:
        return ""
    size = present.context.words
    return f"At {size} tok a request is {figures.cost(here)} here, {figures.cost(there)} with {_short(now)}."


def _short(model_id: str) -> str:
    shown = sanitize_line(model_id, 100)
    return shown.rpartition("/")[2] or shown

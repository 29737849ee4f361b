"""Hints as they stand on a screen, each pressed in an app of its own, and what ran and changed then."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from tests.ui.cells import runs
from tests.ui.gallery_states.stage import Stage, staged
from tests.ui.gallery_states.table import STATES
from tests.ui.support import asked_something
from tui_chat.ui.chat_screen.composer_frame import ComposerFrame
from tui_chat.ui.chat_screen.hinting import pairs_of
from tui_chat.ui.dialogs.choice import ChoiceDialog
from tui_chat.ui.keys.hints import Hint, keys_in_force, known_keys
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.theming.marks import drawn_keys

SIZE: Final = (100, 30)
LOOKS: Final = 8
LOOK_EVERY_S: Final = 0.05


class Offer(NamedTuple):
    """A key that is offered somewhere."""

    screen: str
    focus: str
    id: str
    """Of the command, or of the row or rows in the table of keys."""
    verb: str


class Pressed(NamedTuple):
    """What came of pressing an offered key."""

    bound: tuple[str, ...]
    """The actions that its keys are bound to."""
    ran: tuple[str, ...]
    """What ran, in its order."""
    has_changed: bool

    @property
    def is_true(self) -> bool:
        """The actions ran that the hint is for."""
        return bool(self.bound) and set(self.bound) <= set(self.ran)


def offers(stage: Stage) -> Iterable[Offer]:
    """The keys that are offered on the edges of the topmost screen."""
    screen = stage.app.screen
    focused = type(screen.focused).__name__
    for frame in screen.query(Frame):
        shown = {(piece.label, piece.words) for edge in (frame.top_edge, frame.bottom_edge) for _, piece in edge.placed}
        for hint in declared(frame):
            known = known_keys([hint], keys_of(stage))
            if known and any((drawn_keys(known[0].label), verb) in shown for verb in (hint.verb, hint.short)):
                yield Offer(type(screen).__name__, focused, hint.id, hint.verb)


def declared(frame: Frame) -> Sequence[Hint]:
    """The hints that a frame may show."""
    if isinstance(frame, ComposerFrame):
        return (*frame._hints_of(), Hint("notices", "read it all"), Hint("to-end", ""))
    return (*frame._hints, *([frame._way_out] if frame._way_out else []))


def keys_of(stage: Stage) -> Mapping[str, str]:
    """Keys in force, and pairs that begin with the leader, by id."""
    return {**pairs_of({}), **keys_in_force(stage.app.screen)}


@asynccontextmanager
async def fresh(state: str) -> AsyncIterator[Stage]:
    """A state in an app of its own."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        stack.enter_context(chdir(folder))
        (folder / "home").mkdir()
        stage = await stack.enter_async_context(staged(STATES[state], folder / "home", "dusk", SIZE))
        await stage.pilot.pause()
        yield stage


async def press(stage: Stage, offer: Offer) -> Pressed:
    """Press an offered key; where a hint has two, one after the other as long as nothing changes."""
    if isinstance(stage.app.screen, ChoiceDialog):
        await asked_something(stage.pilot)
    ran = record(stage)
    before = look(stage)
    bound: list[str] = []
    for id_ in offer.id.split():
        key = keys_of(stage)[id_]
        active = stage.app.screen.active_bindings.get(key)
        bound.append(active.binding.action if active else f"command({id_!r})")
        await stage.press(*key.split())
        if await changes(stage, before):
            return Pressed(tuple(bound), tuple(ran), True)
    return Pressed(tuple(bound), tuple(ran), False)


async def changes(stage: Stage, before: object) -> bool:
    """Something else is to be noticed within a while."""
    for _ in range(LOOKS):
        if look(stage) != before:
            return True
        await stage.pilot.pause(LOOK_EVERY_S)
    return False


def look(stage: Stage) -> tuple[object, ...]:
    """All that somebody could notice: the picture, the focus, and whether the program runs."""
    return stage.app.is_running and list(runs(stage.app)), stage.app.screen, stage.app.screen.focused, stage.app._exit


def record(stage: Stage) -> list[str]:
    """Note every action that runs from now on, and every command."""
    ran: list[str] = []
    run_action, execute = stage.app.run_action, stage.chat.dispatch.execute

    async def noting_action(action: Any, *rest: Any, **named: Any) -> bool:
        ran.append(str(action))
        return await run_action(action, *rest, **named)

    def noting_command(command: Any, *rest: Any, **named: Any) -> None:
        ran.append(f"command({command.id!r})")
        execute(command, *rest, **named)

    vars(stage.app)["run_action"] = noting_action
    vars(stage.chat.dispatch)["execute"] = noting_command
    return ran

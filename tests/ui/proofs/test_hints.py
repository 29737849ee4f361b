"""Every hint on any screen is pressed, and does what it is for."""

from collections.abc import Iterable, Mapping

import pytest

from tests.ui.gallery_states.table import STATES
from tests.ui.proofs.frames import FRAMES
from tests.ui.proofs.pressing import Offer, Pressed, fresh, offers, press

CHAT = (
    "draft",
    "streaming",
    "stopped",
    "thoughts-block",
    "paste",
    "tool-behind",
    "queue",
    "queue-entered",
    "edit",
    "find",
)
"""States of the chat with hints of their own."""
DIALOGS = ("notices-many", *(shown.states[0] for shown in FRAMES.values()))
"""The first state of each pane and dialog."""


async def press_all(states: Iterable[str]) -> dict[Offer, dict[str, Pressed]]:
    """What came of each hint by state: each is pressed once, and again in another state where nothing changed."""
    found: dict[Offer, dict[str, Pressed]] = {}
    for state in states:
        async with fresh(state) as stage:
            due = [offer for offer in offers(stage) if not has_changed(found.get(offer))]
            if due:
                found.setdefault(due[0], {})[state] = await press(stage, due[0])
        for offer in due[1:]:
            async with fresh(state) as stage:
                found.setdefault(offer, {})[state] = await press(stage, offer)
    return found


def has_changed(tried: Mapping[str, Pressed] | None) -> bool:
    """The hint was pressed already, and something changed."""
    return any(pressed.has_changed for pressed in (tried or {}).values())


def assert_true(found: dict[Offer, dict[str, Pressed]]) -> None:
    """Each hint ran its action wherever it was pressed, and something changed in one state at least."""
    assert found
    wrong = {offer: tried for offer, tried in found.items() if not all(pressed.is_true for pressed in tried.values())}
    idle = [offer for offer, tried in found.items() if not has_changed(tried)]
    assert (wrong, idle) == ({}, [])


@pytest.mark.parametrize("states", [CHAT, DIALOGS], ids=["chat", "dialogs"])
async def test_a_hint_runs_its_action_and_something_changes(states: tuple[str, ...]) -> None:
    assert_true(await press_all(states))


@pytest.mark.slow
async def test_every_hint_of_the_gallery_runs_its_action_and_something_changes() -> None:
    assert_true(await press_all(("draft", *STATES)))

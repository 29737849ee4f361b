"""Every hint on any screen is pressed, and does what it is for."""

from collections.abc import Sequence

import pytest

from tests.ui.gallery_states import conversations, over_chat, panes, writing
from tests.ui.proofs.pressing import Offer, Pressed, fresh, offers, press

PARTS = {
    "chat": ("draft", *conversations.STATES, *writing.STATES, *panes.STATES),
    "dialogs": tuple(over_chat.STATES),
}


async def press_all(states: Sequence[str]) -> dict[Offer, dict[str, Pressed]]:
    """What came of each hint by state: it is pressed in the states that show it until something changes."""
    found: dict[Offer, dict[str, Pressed]] = {}
    for state in states:
        is_done = False
        while not is_done:
            is_done = True
            async with fresh(state) as stage:
                for offer in offers(stage):
                    tried = found.setdefault(offer, {})
                    if state not in tried and not any(pressed.has_changed for pressed in tried.values()):
                        tried[state] = await press(stage, offer)
                        is_done = False
                        break
    return found


@pytest.mark.parametrize("part", PARTS)
async def test_every_hint_runs_its_action_and_something_changes(part: str) -> None:
    found = await press_all(PARTS[part])
    assert found
    wrong = {offer: tried for offer, tried in found.items() if not all(pressed.is_true for pressed in tried.values())}
    idle = [offer for offer, tried in found.items() if not any(pressed.has_changed for pressed in tried.values())]
    assert (wrong, idle) == ({}, [])

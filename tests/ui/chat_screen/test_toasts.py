"""Toasts: never a pile."""

from textual.app import App

from tests.ui.support import toasts_of
from tui_chat.ui.chat_screen.toasts import Toasts


async def test_a_toast_replaces_the_previous_one() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        toasts = Toasts()
        for word in ("one", "two", "three"):
            toasts.show(app, word)
        await pilot.pause()
        assert toasts_of(app) == ["three"]


async def test_a_warning_stays_beside_the_next_toast_until_its_time_is_over() -> None:
    now = 0.0
    app: App[None] = App()
    async with app.run_test() as pilot:
        toasts = Toasts(lambda: now)
        toasts.show(app, "careful", severity="warning", timeout=5)
        toasts.show(app, "one")
        toasts.show(app, "two")
        await pilot.pause()
        assert toasts_of(app) == ["careful", "two"]
        now = 6.0
        toasts.show(app, "three")
        await pilot.pause()
        assert toasts_of(app) == ["three"]


async def test_the_same_warning_is_not_shown_twice() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        toasts = Toasts()
        toasts.show(app, "careful", severity="warning")
        toasts.show(app, "careful", severity="warning")
        await pilot.pause()
        assert toasts_of(app) == ["careful"]

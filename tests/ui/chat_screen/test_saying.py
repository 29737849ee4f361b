"""Notes in passing: never a pile."""

from textual.app import App

from tests.ui.support import toasts_of
from tui_chat.ui.chat_screen.saying import Saying


async def test_a_note_takes_the_place_of_the_one_before() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        saying = Saying()
        for word in ("one", "two", "three"):
            saying.say(app, word)
        await pilot.pause()
        assert toasts_of(app) == ["three"]


async def test_a_warning_stays_beside_what_is_said_next_until_its_time_is_over() -> None:
    now = 0.0
    app: App[None] = App()
    async with app.run_test() as pilot:
        saying = Saying(lambda: now)
        saying.say(app, "careful", severity="warning", timeout=5)
        saying.say(app, "one")
        saying.say(app, "two")
        await pilot.pause()
        assert toasts_of(app) == ["careful", "two"]
        now = 6.0
        saying.say(app, "three")
        await pilot.pause()
        assert toasts_of(app) == ["three"]


async def test_the_same_warning_is_not_shown_twice() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        saying = Saying()
        saying.say(app, "careful", severity="warning")
        saying.say(app, "careful", severity="warning")
        await pilot.pause()
        assert toasts_of(app) == ["careful"]

"""Dialogs: the keys that their hints name."""

from textual.app import App

from tui_chat.ui.dialogs.prompt import TextDialog


async def test_a_dialog_names_the_keys_in_force() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        dialog = TextDialog("Words")
        app.push_screen(dialog)
        await pilot.pause()
        assert (dialog.label("take"), dialog.label("leave"), dialog.label("yes")) == ("Ctrl+S", "Esc", "")


async def test_a_key_of_ones_own_is_named_before_the_shipped_one() -> None:
    app: App[None] = App()
    app.set_keymap({"leave": "escape,f9", "take": "ctrl+enter"})
    async with app.run_test() as pilot:
        dialog = TextDialog("Words")
        app.push_screen(dialog)
        await pilot.pause()
        assert (dialog.label("take"), dialog.label("leave")) == ("Ctrl+Enter", "F9")

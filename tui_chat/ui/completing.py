"""Opens, fills and drives the completion list while a slash command is being typed."""

from typing import TYPE_CHECKING

from tui_chat.ui.command import key_label, keys_of
from tui_chat.ui.commands import COMMANDS

if TYPE_CHECKING:  # the screen owns this; the list is imported when the first slash is typed
    from tui_chat.ui.screens.chat import ChatScreen
    from tui_chat.ui.widgets.completion import Candidate, CompletionPopup


class Completing:
    """The completion of a chat screen."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._popup: CompletionPopup | None = None
        self._followed = ""
        """The text that the list was made for."""
        self._dismissed = ""
        """The text at which Esc closed the list: it stays closed until the text changes."""

    @property
    def is_open(self) -> bool:
        """The list is shown."""
        return self._popup is not None and self._popup.is_open

    def follow(self, text: str) -> None:
        """The draft changed."""
        self._followed = text
        word = text.startswith("/") and not text.startswith("//") and "\n" not in text
        if not word or text == self._dismissed:
            self.close()
            return
        self._dismissed = ""
        from tui_chat.ui.widgets.completion import CompletionPopup, match

        candidates = match(text, self._candidates(text))
        if len(candidates) == 1 and candidates[0].text.strip() == text:
            candidates = () if " " in text else candidates
        if self._popup is None and candidates:
            self._popup = CompletionPopup()
            self._chat.query_one("#main").mount(self._popup)
        if self._popup is not None:
            self._popup.offer(candidates)

    def _candidates(self, text: str) -> "list[Candidate]":
        from tui_chat.ui.widgets.completion import Candidate

        if " " in text:
            name = text[1:].split(" ")[0]
            return [Candidate(f"/{name} {value}", hint) for value, hint in self._values(name)]
        return [
            Candidate(
                f"/{command.slash}",
                f"{command.arguments}  {command.help}".strip(),
                key=" ".join(key_label(key) for key in keys_of(command, self._chat.own_keys)[:1]),
                is_whole=not command.needs_arguments,
                others=tuple(f"/{alias}" for alias in command.aliases),
            )
            for command in COMMANDS
            if command.slash
        ]

    def _values(self, name: str) -> list[tuple[str, str]]:
        """What may follow a slash name, with a hint each."""
        chat = self._chat
        if name in ("model", "retry") and chat.has_session:
            return [(model.id, model.name) for model in chat.services.catalog.known().models]
        if name == "theme":
            return [(theme, "") for theme in chat.chat_app.themes.names()]
        if name == "export":
            return [("markdown", "to read"), ("json", "with everything in it")]
        return []

    def take_key(self, key: str) -> bool:
        """Give the list a key; True where it was for the list.

        Enter is for it only where it shows what fits the text as it is now: text and Enter that arrive in one go mean
        what was typed and not what a list that nobody saw would have offered.
        """
        popup = self._popup
        if popup is None or not self.is_open:
            return False
        match key:
            case "up":
                popup.move(-1)
            case "down":
                popup.move(1)
            case "escape":
                self._dismissed = self._chat.composer.text
                popup.close()
            case "tab":
                self._take(run=False)
            case "enter":
                text, chosen = self._chat.composer.text, popup.chosen
                is_meant = chosen is not None and (popup.was_moved or chosen.text.startswith(text))
                if self._followed != text or not is_meant:
                    return False
                self._take(run=True)
            case _:
                return False
        return True

    def _take(self, *, run: bool) -> None:
        chosen = self._popup.chosen if self._popup else None
        if chosen is None:
            return
        if run and chosen.is_whole:
            self.close()
            self._chat.composer.load_text("")
            self._chat.dispatch.submit(chosen.text)
        else:
            self._chat.composer.put(f"{chosen.text} ")

    def close(self) -> None:
        """Close the list."""
        if self._popup is not None and self._popup.is_open:
            self._popup.close()

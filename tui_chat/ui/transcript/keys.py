"""What can be done with the keyboard in the transcript, once: its bindings and the registry of commands read it."""

from typing import Final, NamedTuple

from textual.binding import Binding


class ViewKey(NamedTuple):
    """One thing to do while the transcript has the focus."""

    id: str
    """Also its name in the `[keys]` table of the settings."""
    title: str
    help: str
    keys: str
    action: str
    """Of the view."""
    is_listed: bool = True
    """It makes sense without its key too: the palette offers it."""

    def binding(self) -> Binding:
        """The key binding on the view."""
        return Binding(self.keys, self.action, self.title, show=False, id=self.id)


VIEW_KEYS: Final = (
    ViewKey("next-block", "Next block", "Go to the next paragraph, list or code block.", "j", "block(1)", False),
    ViewKey("previous-block", "Previous block", "Go to the block before.", "k", "block(-1)", False),
    ViewKey("next-question", "Next question", "Go to your next question.", "right_square_bracket", "prompt(1)"),
    ViewKey("previous-question", "Previous question", "Go to your question before.", "left_square_bracket",
            "prompt(-1)"),
    ViewKey("first-block", "First block", "Go to the first block.", "g,home", "first_block", False),
    ViewKey("last-block", "Last block", "Go to the last block, and follow the end.", "G,end", "last_block", False),
    ViewKey("fold", "Fold or unfold", "Fold or unfold the reasoning, tool call or long output under the cursor.",
            "space,enter", "fold"),
    ViewKey("copy-block", "Copy block", "Copy the block under the cursor as it was written; code without its fence.",
            "y,c", "copy_block"),
    ViewKey("copy-message", "Copy message", "Copy the whole message under the cursor.", "Y", "copy_message"),
    ViewKey("raw", "Raw or rendered", "Show the Markdown of the message under the cursor as it was written, or "
            "rendered.", "r", "raw"),
    ViewKey("raw-all", "All raw or rendered", "Show all Markdown as it was written, or rendered.", "R", "raw_all"),
    ViewKey("next-found", "Next place found", "Go to the next place that was found.", "n", "found(1)", False),
    ViewKey("previous-found", "Place found before", "Go to the place before that was found.", "N", "found(-1)", False),
)  # fmt: skip

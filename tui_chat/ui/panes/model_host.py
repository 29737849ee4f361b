"""What the pane of models asks of the chat around it."""

from typing import Protocol

from tui_chat.core.models import ModelInfo


class ModelHost(Protocol):
    """The chat around the pane."""

    def copy_model(self, model_id: str) -> None:
        """Copy an id."""

    def star_model(self, model_id: str) -> None:
        """Make a model a favourite, or no favourite any more."""

    def ask_records(self) -> None:
        """Find out what was spent on each model, and how fast it was, for `show_records`."""

    def lost_with(self, model_id: str) -> str:
        """What the open conversation would lose with a model, in a line; empty where nothing."""

    def fits(self, model: ModelInfo) -> bool:
        """Whether the model's context takes what is in the open conversation."""

"""Who decides that a call may run: a policy, asked once for every call of an answer that ended well."""

from enum import StrEnum
from typing import Protocol

from tui_chat.core.parts import ToolCall


class Decision(StrEnum):
    """What becomes of a call."""

    RUN = "run"
    """Run it now."""
    ASK = "ask"
    """Leave it to a person: it waits for a result."""


class Policy(Protocol):
    """Decides about calls. Called in the order of the calls, never for a call that has a result."""

    def decide(self, call: ToolCall) -> Decision:
        """What becomes of this call."""
        ...


class AskAlways:
    """Nothing runs by itself."""

    def decide(self, call: ToolCall) -> Decision:
        """Ask, whatever is called."""
        del call
        return Decision.ASK

"""What a person has approved in one conversation: plans of calls that wait, each for once, and permissions."""

from collections.abc import Callable

from tui_chat.chat.policy import Permissions
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.core.parts import Role
from tui_chat.core.tree import Node, pending_calls


class Approvals:
    """Approved plans and permissions. A plan holds for the answer that called it, until it is taken or cleared."""

    def __init__(self, path: Callable[[], tuple[Node, ...]], approved: Callable[[], None] = lambda: None) -> None:
        """`path` is the one that is being read; `approved` is called whenever something is."""
        self.permissions = Permissions()
        self._path = path
        self._approved = approved
        self._plans: dict[tuple[str, str], ToolPlan] = {}
        """By the id of the answer and that of the call: an id may come again in another answer."""

    def approve(self, plan: ToolPlan) -> None:
        """Let this plan run for the pending call that has its id, once.

        Raises:
            KeyError: no pending call has this id and name.
        """
        if (plan.call.id, plan.call.name) not in {(call.id, call.name) for call in pending_calls(self._path())}:
            raise KeyError(plan.call.id)
        self._plans[self.answer_id, plan.call.id] = plan
        self._approved()

    def has(self, call_id: str) -> bool:
        """A plan is approved for this pending call, and was not taken yet."""
        return (self.answer_id, call_id) in self._plans

    def take(self, call_id: str) -> ToolPlan | None:
        """Take the plan that is approved for this pending call; None where there is none."""
        return self._plans.pop((self.answer_id, call_id), None)

    def clear(self) -> None:
        """Ask again about all that was approved and not taken; permissions stay."""
        self._plans.clear()

    @property
    def answer_id(self) -> str:
        """Id of the answer whose calls are pending."""
        return next((node.id for node in reversed(self._path()) if node.message.role is Role.ASSISTANT), "")

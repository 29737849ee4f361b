"""What one stream must come to. Fields are those of `ask --json`; their defaults are the plainest good answer."""

from dataclasses import dataclass

from tui_chat.core.errors import ErrorKind
from tui_chat.core.reply import Reply

Call = tuple[str, str, str]
"""Id, name and arguments."""


@dataclass(frozen=True)
class Case:
    """A body, and what it comes to however its bytes are cut."""

    name: str
    body: bytes
    text: str = "Hello"
    reasoning: str = ""
    refusal: str | None = None
    calls: tuple[Call, ...] = ()
    """Calls that may be acted on."""
    partial: tuple[Call, ...] = ()
    finish: str | None = "stop"
    outcome: str = "complete"
    kind: ErrorKind | None = None
    """None where there is no failure."""
    told: str = ""
    """Words that the failure's message must hold."""
    status: int | None = None
    tokens: tuple[int | None, int | None, int | None] | None = None
    """Of the prompt, of the answer, in total."""
    cost: str | None = None


def found(case: Case, reply: Reply) -> Case:
    """The case as it would have to be written for this reply."""
    failure, counts = reply.failure, reply.counts
    is_told = failure is not None and case.told in failure.message
    return Case(
        name=case.name,
        body=case.body,
        text=reply.text,
        reasoning=reply.reasoning,
        refusal=reply.refusal,
        calls=tuple((call.id, call.name, call.arguments) for call in reply.tool_calls),
        partial=tuple((call.id, call.name, call.arguments) for call in reply.partial_tool_calls),
        finish=reply.finish_reason,
        outcome=str(reply.outcome),
        kind=failure.kind if failure else None,
        told=case.told if is_told or not case.told else (failure.message if failure else "nothing"),
        status=failure.status if failure else None,
        tokens=(counts.prompt_tokens, counts.completion_tokens, counts.total_tokens) if counts else None,
        cost=f"{reply.cost.usd:f}" if reply.cost else None,
    )

"""What is said of a message because of what is noted of it, in the words that every front end shows."""

from tui_chat.core.figures import bill, counted, tokens
from tui_chat.core.marks import LONGEST_LABEL, Continuing, Marks
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.sending import is_summary_in_force
from tui_chat.core.tree import Node


def state_words(marks: Marks) -> tuple[str, ...]:
    """How a message is marked: `pinned`, `muted, not sent`, `edited by you`, `bookmarked`, `#label`."""
    is_undone = marks.summary is not None
    words = (
        "edited by you" if marks.edited_id else "",
        "pinned" if marks.is_pinned else "",
        "deleted" if marks.is_deleted else "",
        "muted, not sent" if marks.is_muted and not is_undone else "",
        "bookmarked" if marks.is_bookmarked else "",
        *(f"#{sanitize_line(label, LONGEST_LABEL)}" for label in marks.labels),
    )
    return tuple(filter(None, words))


def continued_words(marks: Marks) -> str:
    """How an answer goes on with the one before it; empty where it does not."""
    if marks.continues is None:
        return ""
    return "from where it stopped" if marks.continues.how is Continuing.PREFILL else "asked to go on"


def variant_words(number: int, count: int) -> str:
    """Which of several variants this is: `‹ 2/3 ›`; empty where it is the only one."""
    return f"‹ {number}/{count} ›" if count > 1 else ""


def summary_words(node: Node) -> str:
    """What a summary stands for: `46 messages are sent as a summary · 31k → 1.2k tok · $0.0019`; empty where it is
    none."""
    summary = node.marks.summary
    if summary is None:
        return ""
    count = counted(summary.messages, "message")
    if not is_summary_in_force(node):
        return f"a summary of {count}, not in use"
    verb = "are" if summary.messages != 1 else "is"
    sizes = f"{tokens(summary.before_tokens)} → {tokens(summary.after_tokens)} tok"
    cost = f" · {bill(node.answer.cost)}" if node.answer is not None and node.answer.cost is not None else ""
    return f"{count} {verb} sent as a summary · {sizes}{cost}"

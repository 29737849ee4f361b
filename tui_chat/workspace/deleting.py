"""What goes with a conversation that is deleted, beside what the store holds: its drafts, and the prompts that were
typed in it.

The store calls this itself, in the transaction that removes the conversation. So it happens whoever deletes it and
whenever: at once, at the end of the program that has hidden it, or at the next start after a kill; and a kill between
the two leaves a conversation that the next start removes, never one that is gone but for its prompts.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tui_chat.workspace.drafts import forget_drafts
from tui_chat.workspace.prompts_file import forget_prompts


def forget(drafts: Path, prompts_file: Path, conversation_ids: Sequence[str], questions: Iterable[str]) -> None:
    """Remove what is kept of these conversations in our own files. `questions` is what people said in them, by which
    prompts of earlier programs are known.

    Raises:
        FileError: a file cannot be changed.
    """
    forget_drafts(drafts, conversation_ids)
    forget_prompts(prompts_file, conversation_ids, questions)

"""Which document a conversation becomes, and the name of its file: the same for every front end and command."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui_chat.core.tree import Conversation, Tree
from tui_chat.transcripts.filename import suggested_name
from tui_chat.transcripts.saving import file_at

SUFFIXES: Final[Mapping[str, str]] = {"markdown": "md", "json": "json"}
"""The forms, and how their files end."""
_FORMS: Final[Mapping[str, str]] = {
    **{suffix: form for form, suffix in SUFFIXES.items()},
    **{form: form for form in SUFFIXES},
}


def form_named(name: str) -> str | None:
    """The form with this name or file ending; None where there is none."""
    return _FORMS.get(name.lower())


def form_of_path(path: str) -> str:
    """The form that a file's ending asks for; Markdown where it asks for none."""
    return form_named(Path(path).suffix.lstrip(".")) or "markdown"


def document(form: str, conversation: Conversation, tree: Tree) -> str:
    """JSON holds every branch, Markdown the one that is being read."""
    # Each writer is imported when the first file in its form is written.
    if form == "json":
        from tui_chat.transcripts.json import to_json

        return to_json(conversation, tree.nodes())
    from tui_chat.transcripts.markdown import to_markdown

    return to_markdown(conversation, tree.path(conversation.head_id))


def file_for(path: str, form: str, conversation: Conversation) -> Path:
    """The file that is meant: in a folder, or where nothing is named, one with a name of its own."""
    return file_at(path, suggested_name(conversation.title, conversation.created_at, SUFFIXES[form]))

"""Which document a conversation becomes, and the name of its file: the same for every front end and command."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.core.usage import Spending
from tui_chat.settings.theme_files import AUTO, Themes
from tui_chat.transcripts.choosing import LOSSLESS, Chosen, chosen, timeless, without_facts
from tui_chat.transcripts.filename import suggested_name
from tui_chat.transcripts.reading import EVERYTHING, NO_FACTS
from tui_chat.transcripts.redacting import Finding, Redactor, redacted, redacted_labels
from tui_chat.transcripts.saving import file_at

SUFFIXES: Final[Mapping[str, str]] = {
    "markdown": "md",
    "json": "json",
    "jsonl": "jsonl",
    "html": "html",
    "text": "txt",
}
"""The forms, and how their files end."""
_FORMS: Final[Mapping[str, str]] = {
    **{suffix: form for form, suffix in SUFFIXES.items()},
    **{form: form for form in SUFFIXES},
    "htm": "html",
}

_NOTHING: Final = Spending()


class Choice(msgspec.Struct, frozen=True):
    """What of a conversation goes out, and how."""

    form: str = "markdown"
    """One of `SUFFIXES`."""
    all_branches: bool = False
    branch: str = ""
    """A message, or the unique beginning of its id: the newest line through it is read; empty for the one that is."""
    last: int | None = None
    """Only so many messages from the end of it."""
    only: frozenset[str] | None = None
    """Only these messages of it, by id."""
    facts: bool = True
    """Models, times, usage and cost."""
    redactor: Redactor | None = None
    """Hides what nobody else shall see; None hides nothing."""
    themes: Themes | None = None
    theme: str = AUTO
    """The look of HTML, among `themes`."""
    beside: Spending = Spending()
    """What was asked beside the answers, of a whole conversation."""


class Exported(msgspec.Struct, frozen=True):
    """A document."""

    text: str
    conversation: Conversation
    """As the document has it."""
    findings: tuple[Finding, ...] = ()
    """What was hidden."""


def form_named(name: str) -> str | None:
    """The form with this name or file ending; None where there is none."""
    return _FORMS.get(name.lower())


def form_of_path(path: str) -> str:
    """The form that a file's ending asks for; Markdown where it asks for none."""
    return form_named(Path(path).suffix.lstrip(".")) or "markdown"


def document(
    form: str, conversation: Conversation, tree: Tree, beside: Spending = _NOTHING, filed: Filed = UNFILED
) -> str:
    """The lossless forms hold every branch, the others the one that is being read. `beside`: as in `Choice`; `filed`:
    as in `exported`."""
    return exported(Choice(form, beside=beside), conversation, tree, filed).text


def exported(choice: Choice, conversation: Conversation, tree: Tree, filed: Filed = UNFILED) -> Exported:
    """The document of what was chosen; `filed` goes into the lossless forms. The same values give the same bytes.

    Raises:
        TranscriptError: there is no such message, or more than one.
    """
    if choice.form in LOSSLESS:
        nodes = tree.nodes()
        conversation, nodes, findings = _hidden(choice, conversation, nodes)
        if choice.redactor is not None:
            filed, of_labels = redacted_labels(choice.redactor, filed)
            findings = (*of_labels, *findings)
        if not choice.facts:
            conversation, nodes = without_facts(conversation, nodes)
        return Exported(_lossless(choice.form, conversation, nodes, filed), conversation, findings)
    read = chosen(conversation, tree, all_branches=choice.all_branches, branch=choice.branch, last=choice.last)
    if choice.only is not None:
        read = Chosen(_only(read.path, choice.only))
    conversation, nodes, findings = _hidden(choice, conversation, read.nodes)
    if not choice.facts:
        nodes = tuple(map(timeless, nodes))
    return Exported(_written(choice, conversation, read.with_nodes(nodes)), conversation, findings)


def _only(path: tuple[Node, ...], wanted: frozenset[str]) -> tuple[Node, ...]:
    """These messages, with what they go on with."""
    kept: list[Node] = []
    for node in reversed(path):
        if node.id in wanted:
            kept.append(node)
            if node.marks.continues is not None:
                wanted |= {node.marks.continues.of_id}
    return tuple(reversed(kept))


def _hidden(
    choice: Choice, conversation: Conversation, nodes: tuple[Node, ...]
) -> tuple[Conversation, tuple[Node, ...], tuple[Finding, ...]]:
    if choice.redactor is None:
        return conversation, nodes, ()
    return redacted(choice.redactor, conversation, nodes)


# Each writer is imported when the first file in its form is written.


def _lossless(form: str, conversation: Conversation, nodes: tuple[Node, ...], filed: Filed) -> str:
    if form == "json":
        from tui_chat.transcripts.json import to_json

        return to_json(conversation, nodes, filed)
    from tui_chat.transcripts.jsonl import to_jsonl

    return to_jsonl(conversation, nodes, filed)


def _written(choice: Choice, conversation: Conversation, read: Chosen) -> str:
    options = msgspec.structs.replace(EVERYTHING if choice.facts else NO_FACTS, beside=_beside(choice))
    if choice.form == "html":
        from tui_chat.transcripts.html import to_html
        from tui_chat.transcripts.html_style import style_of

        style = style_of(choice.themes or Themes(), choice.theme)
        return to_html(conversation, read.path, read.others, style=style, options=options)
    if choice.form == "text":
        from tui_chat.transcripts.text import to_text

        return to_text(conversation, read.path, read.others, options=options)
    from tui_chat.transcripts.markdown import to_markdown

    return to_markdown(conversation, read.path, read.others, options=options)


def _beside(choice: Choice) -> Spending:
    """What was asked beside the answers, where all of a conversation is read."""
    is_part = choice.last is not None or choice.only is not None
    return Spending() if is_part else choice.beside


def file_for(path: str, form: str, conversation: Conversation) -> Path:
    """The file that is meant: in a folder, or where nothing is named, one with a name of its own."""
    return file_at(path, suggested_name(conversation.title, conversation.created_at, SUFFIXES[form]))

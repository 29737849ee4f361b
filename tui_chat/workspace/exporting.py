"""What goes out of a conversation as a document, for every front end: chosen by words, in the look of the settings, and
without secrets where that is wanted."""

from tui_chat.chat.services import Services
from tui_chat.transcripts.exporting import Choice
from tui_chat.transcripts.redacting import Redactor


def choice_of(services: Services, form: str, *, redact: bool = False) -> Choice:
    """A whole conversation in this form; `redact` hides the keys that are known and what the settings name."""
    redactor = Redactor(services.secrets(), services.redact) if redact else None
    return Choice(form, redactor=redactor, themes=services.themes, theme=services.theme)

"""What the search of the manual found, as Markdown: a section whole, or the names of those that are nearest."""

from collections.abc import Sequence

from tui_chat.manual import Page
from tui_chat.manual.search import Answered, Place, Unanswered, topic_of


def found_text(found: Answered | Unanswered, pages: Sequence[Page]) -> str:
    """Quote the section that answers, or say that none does and which are nearest."""
    match found:
        case Answered(best, also):
            see = f"\n\nSee also:\n\n{_listed(also, pages)}" if also else ""
            return f"## {best.name}\n\n{best.section.text}{see}"
        case Unanswered(()):
            return "The manual has nothing about that."
        case Unanswered(nearest):
            return f"The manual has no answer to that. Nearest to it:\n\n{_listed(nearest, pages)}"


def _listed(places: Sequence[Place], pages: Sequence[Page]) -> str:
    return "\n".join(f"- {place.name}: `/help {topic_of(place, pages)}`" for place in places)

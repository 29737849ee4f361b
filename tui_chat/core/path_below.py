"""A path that a model names, below a folder that a person chose: its parts, none of which leads up or elsewhere.

Only the text is judged here. Whoever opens it goes part by part and follows no link.
"""

from typing import Final

from tui_chat.core.placeholders import TemplateError

_MOST_PARTS: Final = 64
_LONGEST: Final = 2000


def parts_below(path: str, *, with_hidden: bool) -> tuple[str, ...]:
    """The names of a path, from the folder on; none for the folder itself. `with_hidden` allows those that begin with
    a dot.

    Raises:
        TemplateError: it is no path below a folder.
    """
    if "\0" in path or len(path) > _LONGEST:
        raise TemplateError("No file has such a path.")
    if path.startswith("/"):
        raise TemplateError("The path begins with /. It has to be one from the folder on.")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if ".." in parts:
        raise TemplateError("The path holds .. and could lead out of the folder.")
    if len(parts) > _MOST_PARTS:
        raise TemplateError(f"The path has more than {_MOST_PARTS} parts.")
    if not with_hidden and (hidden := next((part for part in parts if part.startswith(".")), None)):
        raise TemplateError(f"{hidden} is hidden, and hidden files and folders are not given.")
    return parts

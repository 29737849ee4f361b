"""What a call of a tool of ours would do: read below a folder, or fetch a page. Its arguments have passed the schema.

Only text is judged here, and nothing is opened: what is planned is shown to a person, and looked at again when it runs.
"""

from typing import Final

import msgspec

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.placeholders import TemplateError
from tui_chat.core.tool import FolderRecipe, FolderUse, PageRecipe
from tui_chat.core.web_address import web_address

LINES: Final = 2000
"""Lines of a file that are given where the call says no number."""


class FolderWork(msgspec.Struct, frozen=True):
    """Reading below a folder, as it is done."""

    use: FolderUse
    folder: str
    """Absolute path."""
    parts: tuple[str, ...]
    """Names from the folder on; none for the folder itself."""
    with_hidden: bool = False
    text: str = ""
    """What is searched for, whatever its case."""
    pattern: str = ""
    """Of names, as shells have them; empty for all."""
    is_deep: bool = False
    """All below it is listed too."""
    first_line: int = 1
    lines: int = LINES


class PageWork(msgspec.Struct, frozen=True):
    """A page to fetch."""

    url: str
    through_proxy: bool = False


def ready_work(recipe: FolderRecipe | PageRecipe, arguments: JsonObject) -> FolderWork | PageWork:
    """What is done for these arguments.

    Raises:
        TemplateError: they name no path below the folder, or no address of the web.
    """
    if isinstance(recipe, PageRecipe):
        return PageWork(web_address(_text(arguments, "url")), recipe.through_proxy)
    from tui_chat.core.path_below import parts_below  # the first frame does without

    parts = parts_below(_text(arguments, "path"), with_hidden=recipe.with_hidden)
    pattern = _text(arguments, "pattern")
    if "\0" in pattern:
        raise TemplateError("No name fits this pattern.")
    match recipe.use:
        case FolderUse.READ:
            if not parts:
                raise TemplateError("The path names the folder itself, which is no file.")
            first, lines = _number(arguments, "first_line", 1), _number(arguments, "lines", LINES)
            return FolderWork(recipe.use, recipe.folder, parts, recipe.with_hidden, first_line=first, lines=lines)
        case FolderUse.LIST:
            is_deep = arguments.get("deep") is True
            return FolderWork(
                recipe.use, recipe.folder, parts, recipe.with_hidden, pattern=pattern, is_deep=is_deep or "/" in pattern
            )
        case FolderUse.SEARCH:
            text = _text(arguments, "text")
            if not text.strip() or "\n" in text:
                raise TemplateError("The text to search for has to be in one line, and no blank one.")
            return FolderWork(
                recipe.use, recipe.folder, parts, recipe.with_hidden, text=text, pattern=pattern, is_deep=True
            )


def folder_words(work: FolderWork) -> str:
    """What is done, for people; whole, and not sanitised."""
    import shlex  # only where a plan is shown

    path = shlex.quote("/".join(work.parts)) if work.parts else "all" if work.is_deep else ""
    where = f"{path} below {work.folder}" if path else work.folder
    fitting = f", names like {shlex.quote(work.pattern)}" if work.pattern else ""
    hidden = ", hidden ones too" if work.with_hidden and work.use is not FolderUse.READ else ""
    match work.use:
        case FolderUse.READ:
            return f"read {where}, at most {work.lines:,} lines from line {work.first_line:,} on"
        case FolderUse.LIST:
            deep = " with all in its folders" if work.is_deep and work.parts else ""
            return f"list {where}{deep}{fitting}{hidden}"
        case FolderUse.SEARCH:
            return f"search for {shlex.quote(work.text)} in {where}{fitting}{hidden}"


def _text(arguments: JsonObject, name: str) -> str:
    value = arguments.get(name)
    return value if isinstance(value, str) else ""


def _number(arguments: JsonObject, name: str, default: int) -> int:
    value = arguments.get(name)
    return int(value) if isinstance(value, int | float) else default

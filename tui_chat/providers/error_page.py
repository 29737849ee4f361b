"""Pages of HTML that servers and proxies send instead of an error, made into words."""

import html
import re

_TITLE = re.compile(r"(?is)<title[^<>]{0,200}>(.{0,500}?)</title>|<h1[^<>]{0,200}>(.{0,500}?)</h1>")
_SCRIPT = re.compile(r"(?i)<(?:script|style)\b")
_SCRIPT_END = re.compile(r"(?i)</(?:script|style)[^<>]{0,200}>?")
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]{0,2000}>")


def words_of_page(page: str) -> str:
    """The title of a page, or all that a person would read of it, not sanitised."""
    title = _TITLE.search(page)
    text = (title[1] or title[2] or "") if title else _without_scripts(page)
    return html.unescape(_TAG.sub(" ", text))


def _without_scripts(page: str) -> str:
    """A page without the parts that nobody reads, in time linear in its length whatever it holds."""
    first, *rest = _SCRIPT.split(page)
    ends = ((part, _SCRIPT_END.search(part)) for part in rest)
    return " ".join((first, *(part[end.end() :] for part, end in ends if end)))

"""The words of an HTML page, as a person would read them: headings, paragraphs, rows, links with their addresses.

One pass over the page, in time that grows with its length alone, whatever stands in it: nothing here nests, and what
is not closed ends with the page. Apart from parsers that build a tree, which hostile pages can make slow.
"""

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

_TOKEN: Final = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^>]*)>?|<[!?][^>]*>?|[^<]+|<")
_SKIPPED: Final = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "object", "select", "head"})
"""Elements without words for people. Of `head` the title is kept."""
_BLOCKS: Final = frozenset(
    {
        "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "ul", "ol", "dl", "dt", "dd",
        "table", "tr", "form", "fieldset", "figure", "figcaption", "blockquote", "pre", "hr", "address", "details",
        "summary", "h1", "h2", "h3", "h4", "h5", "h6", "body", "html",
    }
)  # fmt: skip
_APART: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "blockquote", "ul", "ol"})
"""Blocks with an empty line around them."""
_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_LONGEST_ATTRIBUTES: Final = 4000
_LONGEST_LINK: Final = 500


def charset_of_page(head: bytes) -> str:
    """The encoding that a page names in its first bytes; empty where it names none."""
    found = _CHARSET.search(head[:2048])
    return found[1].decode("ascii", "replace") if found else ""


def words_of_page(page: str, url: str) -> str:
    """The words of a page that lies at `url`."""
    return "".join(words_in_pieces(page, url))


def words_in_pieces(page: str, url: str) -> Iterator[str]:
    """The same, bit by bit, for whoever may stop in the middle."""
    writer = _Writer(url)
    title = _TITLE.search(page)
    if title and (words := _SPACE.sub(" ", _plain(title[1])).strip()):
        yield f"{words}\n\n"
    at = 0
    while token := _TOKEN.match(page, at):
        at = token.end()
        if token[0] == "<!--":
            at = _after(page, "-->", at)
        elif token[2] is None:
            if not token[0].startswith(("<!", "<?")):
                writer.text(token[0])
        elif (name := token[2].lower()) in _SKIPPED and not token[1] and not token[3].endswith("/"):
            at = _after_element(page, name, at)
        else:
            writer.tag(name, token[3], is_end=bool(token[1]))
        yield writer.take()
    yield writer.finish()


class _Writer:
    """Puts words and blocks together."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pieces: list[str] = []
        self._newlines = 2
        """That stand at the end; two at the beginning, so that nothing begins with an empty line."""
        self._wants_space = False
        self._is_pre = False
        self._link = ""

    def text(self, raw: str) -> None:
        """Words between tags."""
        words = _plain(raw)
        if self._is_pre:
            self._put(words)
            return
        folded = _SPACE.sub(" ", words)
        if folded.strip():
            self._put((" " if self._wants_space or folded[0] == " " else "") * (not self._newlines) + folded.strip())
        self._wants_space = folded.endswith(" ")

    def tag(self, name: str, attributes: str, *, is_end: bool) -> None:
        """A tag of an element that has words."""
        if name == "a":
            self._anchor(attributes, is_end=is_end)
        elif name == "br":
            self._put("\n")
        elif name == "li":
            self._break(1)
            if not is_end:
                self._put("- ")
                self._wants_space, self._newlines = False, 1
        elif name in ("td", "th") and is_end:
            self._put(" | ")
            self._wants_space = False
        elif name in _BLOCKS:
            self._break(2 if name in _APART else 1)
            if name == "pre":
                self._is_pre = not is_end
            elif name[0] == "h" and name[1:].isdigit() and not is_end:
                self._put("#" * int(name[1:]) + " ")
                self._wants_space, self._newlines = False, 1

    def _anchor(self, attributes: str, *, is_end: bool) -> None:
        if not is_end:
            self._link = _target(attributes, self._url)
        elif self._link:
            self._put(f" <{self._link}>")
            self._link = ""

    def _break(self, newlines: int) -> None:
        if self._newlines < newlines:
            self._put("\n" * (newlines - self._newlines))
        self._wants_space = False

    def _put(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            bare = text.rstrip("\n")
            self._newlines = len(text) - len(bare) + (self._newlines if not bare else 0)

    def take(self) -> str:
        """What is there by now."""
        taken = "".join(self._pieces)
        self._pieces.clear()
        return taken

    def finish(self) -> str:
        """What is still there."""
        return self.take()


def _target(attributes: str, url: str) -> str:
    """Where a link leads; empty where it leads to no page, or within this one."""
    found = _HREF.search(attributes[:_LONGEST_ATTRIBUTES])
    href = _plain(next((part for part in found.groups() if part), "")).strip() if found else ""
    if not href or href.startswith("#") or len(href) > _LONGEST_LINK:
        return ""
    try:
        target = urljoin(url, href)
        return target if urlsplit(target).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _after(page: str, mark: str, at: int) -> int:
    found = page.find(mark, at)
    return len(page) if found < 0 else found + len(mark)


def _after_element(page: str, name: str, at: int) -> int:
    """Behind the end of an element whose content is passed over."""
    found = re.compile(f"</{re.escape(name)}\\b[^>]*>?", re.IGNORECASE).search(page, at)
    return len(page) if found is None else found.end()


def without_gaps(text: str) -> str:
    """The text with one empty line at most between two others."""
    lines = (line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _plain(text: str) -> str:
    """The text with its entities as characters."""
    try:
        return html.unescape(text)
    except ValueError:  # the number of a character of thousands of digits
        return text

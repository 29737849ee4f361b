"""The manual: pages of Markdown, part of the wheel, that `/help` shows and the demo guide quotes."""

import functools
import importlib.resources

import msgspec

_ORDER = (
    "getting-started",
    "keys",
    "commands",
    "models-and-cost",
    "tools",
    "conversations",
    "connect",
    "settings-and-files",
    "plain",
    "ask",
    "troubleshooting",
)


class Section(msgspec.Struct, frozen=True):
    """A part of a page under a `##` heading."""

    title: str
    """The heading; empty for the text before the first one."""
    text: str
    """Markdown without its heading."""


class Page(msgspec.Struct, frozen=True):
    """One page of the manual."""

    slug: str
    title: str
    text: str
    """The whole page as Markdown, title included."""
    sections: tuple[Section, ...]


@functools.cache
def pages() -> tuple[Page, ...]:
    """Read all pages, in reading order."""
    folder = importlib.resources.files("tui_chat.manual")
    return tuple(read(slug, folder.joinpath(f"{slug}.md").read_text(encoding="utf-8")) for slug in _ORDER)


def read(slug: str, text: str) -> Page:
    """Make a page of its Markdown: `# Title`, then sections; headings inside code fences are code."""
    title = slug
    sections: list[Section] = []
    heading, lines, is_code = "", list[str](), False
    for line in text.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        if not is_code and line.startswith("# "):
            title = line[2:].strip()
        elif not is_code and line.startswith("## "):
            sections.append(Section(heading, "\n".join(lines).strip()))
            heading, lines = line[3:].strip(), []
        else:
            lines.append(line)
    sections.append(Section(heading, "\n".join(lines).strip()))
    return Page(slug, title, text, tuple(section for section in sections if section.text))

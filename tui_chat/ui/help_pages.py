"""The pages that help shows: every command and key as they are now, made from the registry, then the manual."""

from dataclasses import dataclass
from itertools import chain

from tui_chat import manual
from tui_chat.ui.command import Command, Group, OwnKeys, key_label, keys_of
from tui_chat.ui.commands import COMMANDS

KEYS_PAGE = "keys-now"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page of help."""

    slug: str
    title: str
    markdown: str


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _row(command: Command, own_keys: OwnKeys) -> str:
    keys = " ".join(f"`{_cell(key_label(key))}`" for key in keys_of(command, own_keys) if "super" not in key)
    name = f"`/{command.slash} {command.arguments}`".replace(" `", "`") if command.slash else ""
    return f"| {keys or '–'} | {name or '–'} | {_cell(command.help)} | `{command.id}` |"


def keys_page(own_keys: OwnKeys) -> HelpPage:
    """Every command with the key it has now, and the name by which the settings give it another."""
    lines = [
        "# Keys and commands",
        "",
        "Give a command another key in `config.toml`, by the name in the last column: "
        '`[keys]`, then `models = "ctrl+k"`. An empty list takes the key away.',
    ]
    for group in Group:
        rows = [_row(command, own_keys) for command in COMMANDS if command.group is group]
        lines += [
            "",
            f"## {group.value}",
            "",
            "| key | command | what it does | name |",
            "| --- | --- | --- | --- |",
            *rows,
        ]
    return HelpPage(KEYS_PAGE, "Keys and commands", "\n".join(lines))


def help_pages(own_keys: OwnKeys) -> tuple[HelpPage, ...]:
    """All pages in reading order."""
    written = [
        HelpPage(page.slug, page.title, page.text) for page in manual.pages() if page.slug not in ("keys", "commands")
    ]
    return (*written[:1], keys_page(own_keys), *written[1:])


def find_page(pages: tuple[HelpPage, ...], topic: str) -> int:
    """The page for a topic: by its name or title, else the first that speaks of it, else the first."""
    wanted = topic.strip().lower()
    if not wanted:
        return 0
    by_name = (place for place, page in enumerate(pages) if wanted in (page.slug, page.title.lower()))
    by_words = (place for place, page in enumerate(pages) if wanted in f"{page.slug} {page.title}".lower())
    by_text = (place for place, page in enumerate(pages) if wanted in page.markdown.lower())
    return next(chain(by_name, by_words, by_text), 0)

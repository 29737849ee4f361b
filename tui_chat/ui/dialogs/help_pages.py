"""The pages that help shows: every command and key as they are now, made from the table, then the manual."""

from collections.abc import Sequence

import msgspec

from tui_chat import manual
from tui_chat.manual.quoting import found_text
from tui_chat.manual.search import look_up, named_page
from tui_chat.terminal.arrival import Arrival
from tui_chat.ui.keys.command import OwnKeys, direct_keys, key_label, keys_of, leader_in
from tui_chat.ui.keys.pane_keys import KEYS_PAGE
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.command import Command, Group

_KEYS_TITLE = "All keys"


class HelpPage(msgspec.Struct, frozen=True):
    """One page of help."""

    slug: str
    title: str
    markdown: str


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _keys(command: Command, own_keys: OwnKeys, arrival: Arrival | None) -> str:
    """Keys of a command; those that this terminal does not send are marked."""
    shown = [key for key in keys_of(command, own_keys) if "super" not in key or command.id in own_keys]
    shown = list(dict.fromkeys((shown[0], shown[-1]))) if command.tells_key and shown else shown
    return " ".join(
        f"`{_cell(key_label(key))}`{Mark.FAILED.drawn if arrival and arrival.why_not(key) else ''}" for key in shown
    )


def _row(command: Command, own_keys: OwnKeys, arrival: Arrival | None) -> str:
    keys = _keys(command, own_keys, arrival)
    typed = f"`{_cell(f'/{command.slash} {command.usage}'.rstrip())}` " if command.slash else ""
    return f"| {keys or '–'} | {typed}{_cell(command.help)} | `{command.id}` |"


def _terminal_lines(commands: Sequence[Command], own_keys: OwnKeys, arrival: Arrival) -> list[str]:
    """Lines on the keys in force that this terminal does not send, and on what its owner can do."""
    place = " in ".join(name for name in (arrival.kind.multiplexer.value, arrival.kind.name) if name) or "this terminal"
    missing = {
        key: why
        for command in commands
        for key in direct_keys(command, own_keys)
        if "super" not in key and (why := arrival.why_not(key))
    }
    which = (
        f"these do not arrive by their own name ({Mark.FAILED.drawn} in the table)" if missing else "all of them arrive"
    )
    lines = ["## In this terminal", "", f"Keys come from {place} in {arrival.form.value}: {which}."]
    lines += [""] if missing else []
    lines += [f"- `{_cell(key_label(key))}` {_as_label(why)}" for key, why in missing.items()]
    if missing and arrival.hint:
        lines += ["", f"For more of them: {arrival.hint}"]
    return [*lines, "", "`t` lets you press a key and shows what arrives."]


def _as_label(why: str) -> str:
    verb, _, key = why.rpartition(" ")
    return f"{verb} `{key_label(key)}`" if verb == "arrives as" else why


def keys_page(commands: Sequence[Command], own_keys: OwnKeys, arrival: Arrival | None = None) -> HelpPage:
    """Every command with its key in force, and its name in the settings.

    `arrival` None: nothing is known of the terminal, and nothing said.
    """
    leader = " ".join(f"`{key_label(key)}`" for key in direct_keys(leader_in(commands), own_keys)[:1])
    lines = [
        f"# {_KEYS_TITLE}",
        "",
        f"`Leader` is {leader}, let go before the next key." if leader else "No key is the leader: see the settings.",
    ]
    for group in Group:
        rows = [_row(command, own_keys, arrival) for command in commands if command.group is group]
        lines += [
            "",
            f"## {group.value}",
            "",
            "| key | what it does | name |",
            "| --- | --- | --- |",
            *rows,
        ]
    lines += [
        "",
        "## Other keys",
        "",
        "Give a command another key in `config.toml`, by its name in the last column: "
        '`[keys]`, then `models = "ctrl+k"`. An empty list takes the key away.',
        "",
        *(_terminal_lines(commands, own_keys, arrival) if arrival else []),
    ]
    return HelpPage(KEYS_PAGE, _KEYS_TITLE, "\n".join(lines))


def help_pages(commands: Sequence[Command], own_keys: OwnKeys, arrival: Arrival | None = None) -> tuple[HelpPage, ...]:
    """All pages in the manual's order and by its names; second, before what is written on keys, those in force."""
    first, *others = (HelpPage(page.slug, page.title, page.text) for page in manual.pages())
    return (first, keys_page(commands, own_keys, arrival), *others)


def find_page(pages: tuple[HelpPage, ...], topic: str) -> int:
    """The page that is called so, else the first of all."""
    page = named_page(topic, pages)
    return pages.index(page) if page else 0


def found_page(topic: str) -> HelpPage | None:
    """A page with the section that answers a question, or with those nearest to it; None where a page is called so."""
    if not topic.strip() or topic == KEYS_PAGE:
        return None
    found = look_up(topic, manual.pages())
    return None if isinstance(found, manual.Page) else HelpPage("found", "Found", found_text(found, manual.pages()))

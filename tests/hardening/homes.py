"""Hostile homes: a whole home of the program, in which one of its files is replaced by something else."""

import os
import random
import shutil
import sqlite3
import stat
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.irregular import IRREGULAR, link_to
from tests.ordinary_user import SOMEBODY_ELSE
from tui_chat.settings.secret_key import SecretKey
from tui_chat.settings.secrets import save_key
from tui_chat.workspace.drafts import DraftFiles, KeptDraft
from tui_chat.workspace.prompts_file import append_prompt
from tui_chat.workspace.stash import StashFiles

FOREIGN: Final = "what belongs to somebody else\n"
THEME: Final = "own"

State = Callable[[Path], None]


def nothing(path: Path) -> None:
    """Leave the place empty."""
    del path


def foreign_link(path: Path) -> None:
    """Make a link to a file that others can read and that is none of ours."""
    foreign = path.with_name(f"{path.name}.foreign")
    foreign.write_text(FOREIGN)
    foreign.chmod(0o644)
    path.symlink_to(foreign)


def random_bytes(path: Path) -> None:
    """Make a file of noise, the same each time."""
    path.write_bytes(random.Random(0).randbytes(4096))


def device(path: Path) -> None:
    """Make a device without an end, as /dev/zero is one."""
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))


def somebody_elses(path: Path) -> None:
    """Make a file that only somebody else can read."""
    path.write_bytes(b"theirs")
    path.chmod(0o600)
    os.chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE)


def closed(path: Path) -> None:
    """Make a file that nobody may read."""
    path.write_bytes(b"closed")
    path.chmod(0)


STATES: Final[Mapping[str, State]] = {
    "nothing": nothing,
    **IRREGULAR,
    "a real device": device,
    "a link to a foreign file": foreign_link,
    "a link to random bytes": link_to(random_bytes),
    "random bytes": random_bytes,
    "somebody else's": somebody_elses,
    "no permission": closed,
}
WANTS_ROOT: Final = {"a real device", "somebody else's"}


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder of the home, and what is run where it is replaced."""

    name: str
    """Path in the home."""
    commands: tuple[tuple[str, ...], ...] = ()
    """Run besides `ask` and the chat; `HOME` in a word stands for the home."""
    flags: tuple[str, ...] = ()
    """Given to `ask` and the chat."""
    is_named: bool = True
    """Whoever meets something unusable there says so and names it; caches, drafts and the stash are passed over."""
    is_for_chats: bool = True
    """A chat looks at it."""


PLACES: Final = (
    Place("config.toml", (("config",),)),
    Place("credentials.toml", (("config",), ("models",))),
    Place("themes/own.toml", flags=("--theme", THEME)),
    Place("tools.toml", flags=("--tools", "HOME/tools.toml")),
    Place("note.md", (("ask", "-m", "a/b", "-f", "HOME/note.md", "hi"),), is_for_chats=False),
    Place("export.json", (("history", "import", "HOME/export.json"),), is_for_chats=False),
    Place("prompts.jsonl"),
    Place("drafts", is_named=False),
    Place("drafts/new-1.json", is_named=False),
    Place("stash", is_named=False),
    Place("stash/00000000000000000001-1.json", is_named=False),
    Place("CACHE", (("models",), ("models", "--refresh")), is_named=False),
    Place(
        "conversations.db",
        (("history", "list"), ("history", "search", "hello"), ("usage",), ("ask", "-m", "a/b", "-c", "again")),
    ),
)


def older(path: Path) -> None:
    """Make a database of the first form, empty."""
    _database(path, 1)


def newer(path: Path) -> None:
    """Make a database of a form that is not known yet."""
    _database(path, 9_999)


def _database(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (x)")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()


def newer_keys(path: Path) -> None:
    """Put a key that is not known yet into a file of settings."""
    path.write_text("of_tomorrow = 1\n[later]\nx = 1\n")


def newer_values(path: Path) -> None:
    """Put a value of another shape into a file of values."""
    path.write_text('{"of_tomorrow": [1]}\n')


VERSIONS: Final[Mapping[str, Mapping[str, State]]] = {
    "conversations.db": {"an older version": older, "a newer version": newer},
    "config.toml": {"a newer version": newer_keys},
    "credentials.toml": {"a newer version": newer_keys},
    "prompts.jsonl": {"a newer version": newer_values},
    "drafts/new-1.json": {"a newer version": newer_values},
    "stash/00000000000000000001-1.json": {"a newer version": newer_values},
    "CACHE": {"a newer version": newer_values},
    "export.json": {"a newer version": newer_values},
}


def fill(home: Path, base_url: str) -> None:
    """Put a sound file of each kind into a home; the conversations and the cache come from running the program."""
    save_key(home / "credentials.toml", base_url, SecretKey("sr_test"))
    (home / "config.toml").write_text('model = "a/b"\n')
    (home / "tools.toml").write_text('[tools.mood]\ndescription = "How the user feels. The user answers."\n')
    (home / "note.md").write_text("a note\n")
    append_prompt(home / "prompts.jsonl", "an earlier prompt")
    drafts = DraftFiles(home / "drafts", "1")
    drafts.save(KeptDraft("1", ("unsent words",)), 1)
    drafts.release()
    (home / "drafts").joinpath(next(iter(os.listdir(home / "drafts")))).rename(home / "drafts" / "new-1.json")
    StashFiles(home / "stash", "1").push(("stashed words",))
    (home / "stash").joinpath(next(iter(os.listdir(home / "stash")))).rename(
        home / "stash" / "00000000000000000001-1.json"
    )
    (home / "themes").mkdir()
    shutil.copy(Path(__file__).parents[2] / "themes" / "paper.toml", home / "themes" / f"{THEME}.toml")


def place_in(home: Path, place: Place) -> Path:
    """Path of a place; the cache's file is named for the gateway."""
    return next(iter(home.glob("models-*.json"))) if place.name == "CACHE" else home / place.name


def replace(path: Path, state: State) -> None:
    """Put something else in the place of a file or folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        for companion in path.parent.glob(f"{path.name}*"):
            companion.unlink()
    state(path)

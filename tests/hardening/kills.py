"""Kills programs at random moments and looks at what they leave: nothing half, nothing older than a second lost.

Beside the suite, because it takes half a minute: `python -m tests.hardening.kills [KILLS] [SEED]`. Each program is a
fork of this one, so that it is busy with its work from the first millisecond. The exit status is 1 where something was
lost, with the seed that shows it again.
"""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import tomllib
from collections.abc import AsyncGenerator, Callable
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from tests.fakes import make_services
from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.chat.session import Session
from tui_chat.core.errors import StoreError
from tui_chat.core.parts import user_message
from tui_chat.core.request import Request
from tui_chat.core.stream_events import Outcome, Started, StreamEvent, TextDelta
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.settings.save import save_setting
from tui_chat.store import index
from tui_chat.store.migrations import MIGRATIONS, migrate
from tui_chat.store.sqlite import SqliteStore
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.saving import save_export
from tui_chat.workspace.importing import import_conversation

MESSAGES: Final = 200
LATEST_LOST_S: Final = 1.0
EXPORT: Final = "export.json"


class Lost(Exception):
    """Something is half, or gone."""


def check(is_right: bool, words: str) -> None:
    if not is_right:
        raise Lost(words)


def database(home: Path) -> Path:
    return home / "conversations.db"


def conversation_of(id_: str) -> tuple[Conversation, tuple[Node, ...]]:
    nodes: list[Node] = []
    for number in range(MESSAGES):
        parent = nodes[-1].id if nodes else None
        make = answer if number % 2 else question
        nodes.append(make(f"n{number}", f"{number} of {id_}: " + "words " * 20, parent_id=parent))
    return Conversation(id_, 1.0, f"Title of {id_}", head_id=nodes[-1].id), tuple(nodes)


KEPT, NEW = conversation_of("kept"), conversation_of("new")


def put(path: Path) -> None:
    """A file that holds one conversation."""

    async def write() -> None:
        store = SqliteStore(path)
        await store.add(*KEPT)
        await store.close()

    asyncio.run(write())


def held_by(path: Path) -> dict[str, tuple[Node, ...]]:
    """All that is in a file, which must be sound."""

    async def read() -> dict[str, tuple[Node, ...]]:
        store = SqliteStore(path)
        rows = await store.list()
        found = {row.id: (await store.load(row.id))[1] for row in rows}
        check(not any("damaged" in notice for notice in store.notices()), "the file is damaged")
        await store.close()
        return found

    found = asyncio.run(read())
    with contextlib.closing(sqlite3.connect(path)) as raw:
        check(raw.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the file is not sound")
    return found


def check_kept(path: Path) -> None:
    check(held_by(path).get("kept") == KEPT[1], "what was saved before is gone")


# An answer that streams


class Talker:
    """A gateway that goes on talking, and notes when each piece arrived."""

    def __init__(self, arrived: Path) -> None:
        self._arrived = os.open(arrived, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        yield Started("r", request.model)
        for number in count():
            yield TextDelta(f"{number} ")
            os.write(self._arrived, b"%d %f\n" % (number, time.monotonic()))
            await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Nothing is kept."""


def stream(home: Path) -> None:
    async def ask() -> None:
        services = make_services(store=SqliteStore(database(home)))
        session = Session.new(msgspec.structs.replace(services, completer=Talker(home / "arrived")))
        async for _ in session.send(user_message("Why?")):
            pass

    asyncio.run(ask())


def check_stream(home: Path) -> None:
    check_kept(database(home))
    arrived = home / "arrived"
    lines = arrived.read_text().splitlines() if arrived.exists() else []
    if not lines:
        return
    until = float((home / "killed").read_text()) - LATEST_LOST_S
    owed = [int(line.split()[0]) for line in lines if len(line.split()) == 2 and float(line.split()[1]) < until]
    others = [nodes for id_, nodes in held_by(database(home)).items() if id_ != "kept"]
    check(len(others) == 1, "the question is gone")
    nodes = others[0]
    check(nodes[0].message.text == "Why?", "the question is not whole")
    text = nodes[1].message.text if len(nodes) > 1 else ""
    check(text == "".join(f"{n} " for n in range(len(text.split()))), "the answer has a gap")
    check(
        len(text.split()) > max(owed, default=-1), f"{max(owed, default=-1) + 1} pieces arrived, {text[-12:]} is left"
    )
    info = nodes[-1].answer
    check(len(nodes) == 1 or (info is not None and info.outcome is Outcome.TRUNCATED), "the answer is not marked cut")


# Whole or not at all


def import_(home: Path) -> None:
    async def work() -> None:
        await import_conversation(SqliteStore(database(home)), *NEW)

    asyncio.run(work())


def check_import(home: Path) -> None:
    check_kept(database(home))
    found = held_by(database(home)).get("new")
    check(found is None or found == NEW[1], "half a conversation was imported")
    import_(home)
    again = held_by(database(home))
    check(again.get("new") == NEW[1] and len(again) == 2, "importing again does not make it whole")


def export(home: Path) -> None:
    save_export(home / EXPORT, to_json(*KEPT), overwrite=True)


def check_export(home: Path) -> None:
    text = (home / EXPORT).read_text()
    check(text in ("before", to_json(KEPT[0], Tree(KEPT[1]).nodes())), "half a file was exported")


def back_up(home: Path) -> None:
    asyncio.run(SqliteStore(database(home)).back_up(home / "copy.db", lambda share: None))


def check_back_up(home: Path) -> None:
    check_kept(database(home))
    if (home / "copy.db").exists():
        check_kept(home / "copy.db")


def write_settings(home: Path) -> None:
    for number in range(1000):
        save_setting(home / "config.toml", "model", f"model/{number}")


def check_settings(home: Path) -> None:
    settings = tomllib.loads((home / "config.toml").read_text())
    check(settings["retries"] == 2 and settings["model"].startswith("model/"), "the settings are not whole")


# A file that changes its form, or its place


def put_old(path: Path) -> None:
    """A file of the first form."""
    with contextlib.closing(sqlite3.connect(path)) as raw:
        migrate(raw, MIGRATIONS[:1])
        raw.execute("INSERT INTO conversations VALUES ('old', 1.0, 2.0, 'Title', 'm', '', NULL)")
        raw.executemany(
            "INSERT INTO nodes VALUES (?, 'old', ?, NULL, 1.0, 'user')", [(n, f"n{n}") for n in range(1, 2001)]
        )
        raw.executemany(
            "INSERT INTO parts VALUES (?, 0, 'text', ?)",
            [(n, f'{{"type":"text","text":"{n} {"x" * 200}"}}') for n in range(1, 2001)],
        )
        raw.commit()


def open_(home: Path) -> None:
    asyncio.run(SqliteStore(database(home)).list())


def check_migration(home: Path) -> None:
    check(len(held_by(database(home)).get("old", ())) == 2000, "messages were lost on the way to a new form")


def damage(path: Path) -> None:
    put(path)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"x" * 6000)


def mend(home: Path) -> None:
    async def work() -> None:
        store = SqliteStore(database(home))
        for words in ("kept", "words"):
            with contextlib.suppress(StoreError):
                await store.load(words)
                await look_for(store, words)
        await store.save_conversation(Conversation("after", 1.0))
        await store.close()

    asyncio.run(work())


def check_mended(home: Path) -> None:
    mend(home)

    async def left() -> int:
        store = SqliteStore(database(home))
        messages = [row.messages for row in await store.list() if row.id != "after"]
        await store.close()
        return sum(messages)

    check(asyncio.run(left()) >= MESSAGES // 2, "what could be read was not kept")


# The index, and what is taken out of it


def put_unindexed(path: Path) -> None:
    """A file that holds both conversations, and no index yet."""

    async def write() -> None:
        store = SqliteStore(path, use_index=False)
        for each in (KEPT, NEW):
            await store.add(*each)
        await store.close()

    asyncio.run(write())


def take_in(home: Path) -> None:
    async def work() -> None:
        store = SqliteStore(database(home))
        while await store.tend() < 1.0:
            pass
        await store.close()

    asyncio.run(work())


def found_in(path: Path, words: str) -> set[str]:
    """The conversations of all messages that are found; each message once."""

    async def look() -> list[tuple[str, str]]:
        store = SqliteStore(path)
        hits = await look_for(store, words, limit=3 * MESSAGES)
        await store.close()
        return [(hit.conversation_id, hit.node_id) for hit in hits if hit.node_id]

    found = asyncio.run(look())
    check(len(found) == len(set(found)), "a message is found twice")
    conversations = {conversation_id for conversation_id, _ in found}
    check(len(found) == MESSAGES * len(conversations), "messages are not found")
    return conversations


def check_index(home: Path) -> None:
    for _ in range(2):
        check(found_in(database(home), "words") == {"kept", "new"}, "a conversation is not found")
        take_in(home)
    with contextlib.closing(sqlite3.connect(database(home))) as raw:
        for number in index.numbers(raw):
            name = index.name_of(number)
            raw.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")


def put_both(path: Path) -> None:
    """A file that holds both conversations, with their index."""
    put_unindexed(path)
    take_in(path.parent)


def hide_and_leave(home: Path) -> None:
    async def work() -> None:
        store = SqliteStore(database(home))
        await store.hide("new")
        (home / "hidden").touch()
        await store.close()

    asyncio.run(work())


def check_deletion(home: Path) -> None:
    was_hidden = (home / "hidden").exists()
    check_kept(database(home))
    take_in(home)  # the next start
    found = found_in(database(home), "words")
    check("kept" in found, "another conversation is not found")
    if not was_hidden and "new" in found:
        return
    check(found == {"kept"}, "what was deleted is found")
    left = [file.name for file in home.iterdir() if file.is_file() and b" of new: words" in file.read_bytes()]
    check(not left, f"words of what was deleted are left in {left}")


class Scene(NamedTuple):
    """Something that a program does, and what must be true after it was killed."""

    name: str
    prepare: Callable[[Path], object]
    work: Callable[[Path], None]
    check: Callable[[Path], None]
    longest_s: float
    share: int
    """Of all kills, in hundredths."""


SCENES: Final = (
    Scene("an answer that streams", lambda home: put(database(home)), stream, check_stream, 2.0, 10),
    Scene("import", lambda home: put(database(home)), import_, check_import, 0.3, 16),
    Scene("export", lambda home: (home / EXPORT).write_text("before"), export, check_export, 0.03, 8),
    Scene("backup", lambda home: put(database(home)), back_up, check_back_up, 0.02, 12),
    Scene("settings", lambda home: (home / "config.toml").write_text('retries = 2\nmodel = "model/x"\n'),
          write_settings, check_settings, 0.2, 8),
    Scene("migration", lambda home: put_old(database(home)), open_, check_migration, 0.15, 14),
    Scene("mending", lambda home: damage(database(home)), mend, check_mended, 0.1, 12),
    Scene("the index's making", lambda home: put_unindexed(database(home)), take_in, check_index, 0.15, 10),
    Scene("deletion", lambda home: put_both(database(home)), hide_and_leave, check_deletion, 0.1, 10),
)  # fmt: skip


def kill_one(scene: Scene, after_s: float) -> str:
    """Run a scene, kill it after this long, and look; the words of what was lost, or none."""
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        home = Path(folder)
        scene.prepare(home)
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException), open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 2)
                scene.work(home)
            os._exit(0)
        time.sleep(after_s)
        (home / "killed").write_text(str(time.monotonic()))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        try:
            scene.check(home)
        except (Lost, StoreError, OSError, sqlite3.Error) as error:
            return f"{scene.name}, killed after {after_s:.4f} s: {error}"
    return ""


def main(kills: int, seed: int) -> int:
    chance = random.Random(seed)
    began = time.monotonic()
    lost = 0
    for scene in SCENES:
        times = max(1, kills * scene.share // 100)
        for _ in range(times):
            if words := kill_one(scene, chance.uniform(0, scene.longest_s)):
                lost += 1
                print(words, flush=True)
        print(f"{scene.name}: {times} kills, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{lost} of {kills} lost something (seed {seed})")
    return 1 if lost else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(numbers[0] if numbers else 200, numbers[1] if len(numbers) > 1 else random.randrange(10**6)))

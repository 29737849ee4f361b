"""Runs the program in hostile homes: each of its files replaced in turn by everything that may stand in its place.

    python -m tests.hardening.hostile_homes [PLACE]      one line for each fault; exit 1 where there is one

Wanted of every command, and of a chat in a terminal: no traceback, an end within five seconds, words that name what is
wrong, no file changed that is not ours, and what was there kept. Beside the suite, since it takes a minute or two.
"""

import hashlib
import io
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.gateways.fault import Caller
from tests.hardening.homes import PLACES, STATES, VERSIONS, WANTS_ROOT, Place, State, fill, place_in, replace
from tests.hardening.warm import Ended, run_warm, start_warm, warm_up
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tests.pty.serving import END, chunk, served

LONGEST_S: Final = 5.0
WORKERS: Final = 2
_EFFECT_WITHIN_S: Final = 0.5
_STILL_S: Final = 0.08
_WAITED: Final = "took"
LEFT: Final = b"\x1b[?1049l"
"""The terminal is given back."""
ANSWER: Final = "Words of an answer."
GOOD = {"nothing"}
"""States in which nothing has to be said."""
FINE_AT = {
    ("prompts.jsonl", "100 MB"),
    ("prompts.jsonl", "random bytes"),
    ("prompts.jsonl", "a newer version"),
    ("note.md", "a link to a foreign file"),
}
"""What costs nobody anything: lines that cannot be read are passed over, and whatever a person names may be a link."""


async def answer(caller: Caller) -> None:
    """Answer everything that is asked."""
    if caller.line.startswith("GET"):
        await caller.begin(content_type="application/json")
        await caller.write(b'{"data": [{"id": "a/b"}]}')
    else:
        await caller.begin()
        await caller.write(chunk(content=ANSWER) + chunk(finish_reason="stop") + END)


def cases(wanted: str) -> Iterator[tuple[Place, str, State]]:
    """Every place with everything that may stand there."""
    for place in PLACES:
        if wanted in place.name:
            for name, state in {**STATES, **VERSIONS.get(place.name, {})}.items():
                if name not in WANTS_ROOT or os.geteuid() == 0:
                    yield place, name, state


def faults_of(template: Path, folder: Path, base_url: str, place: Place, name: str, state: State) -> Iterator[str]:
    """Run everything in one hostile home, and tell of each thing that is not as it should be."""
    home = folder / "tui-chat"
    shutil.copytree(template, home)
    at = place_in(home, place)
    replace(at, state)
    before = {path: _looks(path, path == at) for path in _others(home, at)}
    env = environment(folder, SOLROUTER_BASE_URL=base_url)
    flags = tuple(word.replace("HOME", str(home)) for word in place.flags)
    said = ""
    for words in (("ask", *flags, "-m", "a/b", "hi"), *place.commands):
        ended = run_warm([word.replace("HOME", str(home)) for word in words], env)
        said += ended.said
        yield from _wrong(" ".join(words), ended)
    has_chat = place.is_for_chats and not _is_known_otherwise(name)
    if has_chat:
        chat = _chat(flags, env)
        said += chat.said
        yield from _wrong("chat", chat)
    is_read = has_chat or bool(place.commands or "--tools" in place.flags)
    needs_words = is_read and place.is_named and name not in GOOD and (place.name, name) not in FINE_AT
    if needs_words and at.name not in "".join(said.split()):
        yield f"nobody named the file: {said[:300]!r}"
    for path, looks in before.items():
        places = (path, *path.parent.glob(f"{path.name}.*"))
        if not any(_looks(found, path == at) == looks for found in places):
            yield f"{path.name} is not as it was"


def _is_known_otherwise(state: str) -> bool:
    """A chat, which takes ten times as long as a command, is run on the target of a link only, and on one device."""
    is_link = state.startswith("a link to") and state not in ("a link to itself", "a link to a foreign file")
    return is_link or state in ("a socket", "a device" if os.geteuid() == 0 else "")


def _others(home: Path, at: Path) -> Iterator[Path]:
    """What must stay: what stands in the place (or was moved aside), and what it leads to."""
    is_ours = at.suffix in (".jsonl",) or "drafts" in at.parts or "stash" in at.parts or at.name.startswith("models-")
    if os.path.lexists(at) and not (at.is_file() and not at.is_symlink() and is_ours) and not at.is_dir():
        yield at
    yield from (path for path in at.parent.glob(f"{at.name}.*"))


def _looks(path: Path, may_be_closed: bool) -> tuple[str, int, str]:
    """What a file is, its mode and its content, as far as they can be known. The mode of one that may be closed to
    others, as those of ours are, counts for nothing."""
    if path.is_symlink():
        return "link", 0, os.readlink(path)
    status = os.lstat(path) if os.path.lexists(path) else None
    if status is None:
        return "nothing", 0, ""
    small = path.is_file() and status.st_size < 1024 * 1024
    mode = stat.S_IFMT(status.st_mode) if may_be_closed else status.st_mode
    return "file", mode, hashlib.sha256(path.read_bytes()).hexdigest() if small else str(status.st_size)


def _wrong(what: str, ended: Ended) -> Iterator[str]:
    if "Traceback" in ended.said:
        yield f"{what}: traceback {ended.said[-300:]!r}"
    if ended.is_cut and ended.after_s <= LONGEST_S:
        yield f"{what}: ended unasked {ended.said.strip()[-300:]!r}"
    elif ended.is_cut or ended.after_s > LONGEST_S:
        yield f"{what}: {_WAITED} {ended.after_s:.1f} s"


def _chat(flags: tuple[str, ...], env: dict[str, str]) -> Ended:
    """Ask in a chat on the screen and leave; what was on it, and how long a single step took at most."""
    longest, said = 0.0, ""
    with PtyTerminal((*flags, "-m", "a/b"), env, columns=160, rows=20, start=start_warm) as chat:
        steps = (("", "ready"), ("hi\r", "hi"), ("", ANSWER)) if "--tools" not in flags else (("", "Write a message"),)
        for keys, wanted in steps:
            began_at = time.monotonic()
            chat.send(keys)
            try:
                chat.wait_for(wanted)
            except AssertionError:
                return Ended(f"{said}{chat.text}", time.monotonic() - began_at, is_cut=True)
            longest = max(longest, time.monotonic() - began_at)
            said += chat.text
        if "--tools" in flags:
            while chat.read(0.5):
                said += chat.text
        began_at = time.monotonic()
        while chat.process.poll() is None and time.monotonic() < began_at + LONGEST_S:
            if "Quit all the same" in chat.text:  # nothing could be saved, and it asks
                for key in ("\x1b[B", "\x1b[B", "\r"):
                    chat.send(key)
                    _read_until_still(chat)
            elif LEFT not in chat.output:  # what is in the composer is cleared first
                chat.send("\x03")
            _read_until_still(chat)
        longest = max(longest, time.monotonic() - began_at)
        is_cut = chat.process.poll() is None
    return Ended(said + chat.output.decode(errors="replace"), longest, is_cut)


def _read_until_still(chat: PtyTerminal) -> None:
    """Read until a key has had its effect: something was drawn, and then nothing for a moment, or it is leaving."""
    chat.read(_STILL_S if LEFT in chat.output else _EFFECT_WITHIN_S)
    while LEFT not in chat.output and chat.read(_STILL_S):
        pass


def _found(template: Path, base_url: str, place: Place, name: str, state: State) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        return list(faults_of(template, Path(folder), base_url, place, name, state))


def work(number: int, template: Path, base_url: str, wanted: str) -> int:
    """Run every case whose turn it is, and count those with faults."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        warm_up(("ask", "-m", "a/b", "hi"), environment(Path(folder), SOLROUTER_BASE_URL=base_url))
    failed = 0
    for at, (place, name, state) in enumerate(cases(wanted)):
        if at % WORKERS != number:
            continue
        faults = _found(template, base_url, place, name, state)
        if any(_WAITED in fault for fault in faults):  # what hangs does so each time; a busy machine does not
            faults = _found(template, base_url, place, name, state)
        for fault in faults:
            print(f"{place.name} is {name}: {fault}", flush=True)
        failed += bool(faults)
    return failed


def main(wanted: str = "") -> int:
    """Run all cases in two processes; 0 where nothing was found."""
    began_at = time.monotonic()
    with served(answer) as gateway, tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        home = Path(folder, "tui-chat")
        home.mkdir(mode=0o700)
        fill(home, gateway.base_url)
        env = environment(Path(folder), SOLROUTER_BASE_URL=gateway.base_url)
        for words in (("ask", "-m", "a/b", "hello"), ("models",)):
            subprocess.run(chat_command(*words), env=env, check=True, stdout=subprocess.DEVNULL)
        export = subprocess.run(chat_command("history", "list", "--json"), env=env, check=True, capture_output=True)
        conversation = export.stdout.decode().split('"id": "')[1].split('"')[0]
        subprocess.run(
            chat_command("history", "export", conversation, "--format", "json", "-o", str(home / "export.json")),
            env=env, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        argv = [sys.executable, "-m", __spec__.name if __spec__ else "tests.hardening.hostile_homes"]
        workers = [
            subprocess.Popen([*argv, "--worker", str(number), str(home), gateway.base_url, wanted])
            for number in range(WORKERS)
        ]
        failed = [worker.wait() for worker in workers]
    count = sum(1 for _ in cases(wanted))
    print(f"{count} hostile homes in {time.monotonic() - began_at:.0f} s, faults in {sum(failed)}")
    return 1 if any(failed) else 0


if __name__ == "__main__":
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(errors="backslashreplace")
    match sys.argv[1:]:
        case ["--worker", number, home, base_url, wanted]:
            sys.exit(min(work(int(number), Path(home), base_url, wanted), 250))
        case words:
            sys.exit(main(*words))

"""What is written survives the end of the program, whichever way it ends, and the editor gives the terminal back."""

import os
import re
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tests.pty.test_life_cycle import assert_as_before


def chat(home: Path, *words: str, **more: str) -> PtyTerminal:
    """The chat on the demo gateway."""
    return PtyTerminal(chat_command("-m", "demo/writer", *words), environment(home, **more))


def editor(folder: Path, script: str) -> str:
    """An editor that does what a script says; its file is `$1`."""
    file = folder / "editor"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def drafts(home: Path) -> str:
    """Everything in the draft files."""
    return "".join(file.read_text() for file in (home / "tui-chat" / "drafts").glob("*.json"))


def test_what_was_written_survives_a_kill_and_nothing_that_waited_is_sent(tmp_path: Path) -> None:
    with chat(tmp_path, "write 3000 words") as terminal:
        terminal.wait_for("writing")
        for word in ("sesame", "poppy"):
            terminal.send(f"{word}\r")
            terminal.wait_for(f"  {word} ")
        terminal.send("and a draft")
        terminal.wait_until(lambda: "and a draft" in drafts(tmp_path), "the draft on disk")
        terminal.process.kill()
        terminal.process.wait()
    for file in (tmp_path / "tui-chat" / "drafts").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with chat(tmp_path, "-c") as after:
        after.wait_for("sesame", "poppy", "and a draft", "is back", "ready")
        _write_beside(tmp_path)
        after.send("\x03")
        after.wait_for("Draft cleared")
        after.wait_until(lambda: "and a draft" not in drafts(tmp_path), "the end of the draft on disk")
        assert "of the second" in drafts(tmp_path)


def _write_beside(home: Path) -> None:
    """In a second program that has the same conversation open."""
    with chat(home, "-c") as beside:
        beside.wait_for("ready")
        assert "poppy" not in beside.text
        beside.send("of the second")
        beside.wait_until(lambda: "of the second" in drafts(home), "the draft on disk")
        assert "and a draft" in drafts(home)


@pytest.mark.parametrize("key", ["\x13", "\x1b[115;5u", "\x1b[27;5;115~"], ids=["legacy", "kitty", "modifyOtherKeys"])
def test_the_stash_key_arrives_and_freezes_nothing(tmp_path: Path, key: str) -> None:
    with chat(tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.send("put away")
        terminal.wait_for("put away")
        terminal.send(key)
        terminal.wait_for("1 stashed")
        terminal.send(key)
        terminal.wait_for("put away")


def test_the_editor_changes_the_draft_while_the_answer_streams_on(tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    command = editor(tmp_path, f'shift; cp "$1" {tmp_path}/seen; echo EDITING; read line <{go}; echo "all new" >"$1"')
    with chat(tmp_path, "write 40 words", VISUAL=f"{command} --wait", EDITOR="false") as terminal:
        terminal.wait_for("writing")
        terminal.send("a draft")
        terminal.wait_for("a draft")
        terminal.send("\x07")
        terminal.wait_until(lambda: b"EDITING" in terminal.output, "the editor")
        assert terminal.modes == terminal.modes_before
        before = terminal.output
        terminal.wait_until(lambda: _outcomes(tmp_path) == ["complete"], "the whole answer on disk")
        assert terminal.output == before, "something was drawn over the editor"
        go.write_text("on\n")
        terminal.wait_for("all new", "ready")
        assert (tmp_path / "seen").read_text() == "a draft"
        terminal.send("\x03\x04")
        assert terminal.wait_end() == 0
        assert_as_before(terminal)


def _outcomes(home: Path) -> list[str | None]:
    with closing(sqlite3.connect(home / "tui-chat" / "conversations.db")) as database:
        return [outcome for (outcome,) in database.execute("SELECT outcome FROM answers")]


def test_the_last_answer_can_be_read_in_the_editor_and_is_cut_off(tmp_path: Path) -> None:
    command = editor(tmp_path, f'cp "$1" {tmp_path}/seen; sed -i "1s/.*/to this:/" "$1"')
    with chat(tmp_path, "write 20 words", EDITOR=command) as terminal:
        terminal.wait_for("writing")
        terminal.wait_for("ready", "20 words")
        terminal.send("what")
        terminal.wait_for("what")
        terminal.send("\x1bg")
        terminal.wait_for("to this:")
        first, empty, cut, *quoted = (tmp_path / "seen").read_text().splitlines()
        assert (first, empty) == ("what", "")
        assert ">8" in cut
        assert quoted
        assert all(line.startswith(">") for line in quoted)
        assert ">8" not in terminal.text
        assert drafts(tmp_path).count(">") == 0


def test_an_editor_that_fails_leaves_the_draft_and_the_terminal(tmp_path: Path) -> None:
    count = tmp_path / "count"
    script = f"echo >>{count}; case $(wc -l <{count}) in 1) exit 3;; 2) exit 0;; *) stty raw -echo; kill -9 $$;; esac"
    with chat(tmp_path, EDITOR=editor(tmp_path, script)) as terminal:
        terminal.wait_for("ready")
        terminal.send("a draft")
        terminal.wait_for("a draft")
        for words in ("ended with 3", "returned at once", "ended by SIGKILL"):
            terminal.wait_still()  # what is typed while the terminal is taken back is the editor's
            terminal.send("\x07")
            terminal.wait_for(words, "a draft")
        terminal.send("\x03\x04")
        assert terminal.wait_end() == 0
        assert_as_before(terminal)


def test_an_editor_that_is_not_there_is_said(tmp_path: Path) -> None:
    with chat(tmp_path, VISUAL="no-such-editor -w") as terminal:
        terminal.wait_for("ready")
        terminal.send("a draft")
        terminal.wait_for("a draft")
        terminal.send("\x18\x05")
        terminal.wait_for("was not found", "a draft")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_while_the_editor_is_open_keeps_everything(tmp_path: Path, number: signal.Signals) -> None:
    command = editor(tmp_path, 'printf saved >"$1"; stty raw -echo; echo EDITING; exec sleep 60')
    with chat(tmp_path, "write 3000 words", EDITOR=command) as terminal:
        terminal.wait_for("writing")
        terminal.send("a draft")
        terminal.wait_for("a draft")
        terminal.send("\x07")
        terminal.wait_until(lambda: b"EDITING" in terminal.output, "the editor")
        terminal.send("\x03")
        terminal.process.send_signal(number)
        assert terminal.wait_end() == 128 + number
        assert_as_before(terminal)
    with chat(tmp_path, "-c") as after:
        after.wait_for("stopped by you", "ready")
        assert re.search("│ saved *│", after.wait_for("saved"))


def test_ctrl_c_in_the_editor_is_the_editors(tmp_path: Path) -> None:
    command = editor(tmp_path, "trap 'echo caught >\"$1\"; exit 0' INT; echo EDITING; while :; do sleep 0.1; done")
    with chat(tmp_path, EDITOR=command) as terminal:
        terminal.wait_for("ready")
        terminal.send("\x07")
        terminal.wait_until(lambda: b"EDITING" in terminal.output, "the editor")
        terminal.send("\x03")
        terminal.wait_for("caught", "ready")

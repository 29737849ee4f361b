"""Hostile text through every place where it can be shown, copied or saved: nothing of it reaches the terminal."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tomli_w

from tests.hostile import ALL, LINE, PAYLOADS, copied_in, harm_in, harm_written
from tests.pty.hostile_gateway import ANSWERS, MODEL, STATUSES, HostileGateway
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tests.pty.serving import served
from tui_chat.cli.main import main

Run = Callable[..., tuple[str, str]]

PATIENCE_S = 15.0
SURROGATELESS = LINE.replace("\ud83d", "")


@pytest.fixture
def gateway() -> Iterator[tuple[HostileGateway, str]]:
    script = HostileGateway()
    with served(script) as server:
        yield script, server.base_url


@pytest.fixture
def env(tmp_path: Path, gateway: tuple[HostileGateway, str]) -> dict[str, str]:
    """A home with hostile files in it: settings, a theme, prompts, names in the working folder."""
    home = tmp_path / "tui-chat"
    (home / "themes").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    for name in (SURROGATELESS.replace("/", "|"), "needle\udc9b2J"):
        (tmp_path / "work" / f"{name}.txt").write_text("words")
    hostile = {"timestamps": SURROGATELESS, SURROGATELESS: SURROGATELESS}
    settings = {"retries": 0, "system": SURROGATELESS, **hostile, "keys": hostile}
    (home / "config.toml").write_text(tomli_w.dumps(settings))
    theme = {"name": SURROGATELESS, "summary": SURROGATELESS, "colors": hostile}
    (home / "themes" / "needle.toml").write_text(tomli_w.dumps(theme))
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\ncp "$1" "{tmp_path}/edited"\n')
    editor.chmod(0o700)
    return environment(
        tmp_path, SOLROUTER_API_KEY="sr_x", SOLROUTER_BASE_URL=gateway[1], EDITOR=str(editor), TERM_PROGRAM="WezTerm"
    )


def put_into_prompts(home: Path) -> None:
    for folder in (home, home / "state"):
        if folder.is_dir():
            (folder / "prompts.jsonl").write_text(
                json.dumps(SURROGATELESS) + "\n" + json.dumps({"prompt": LINE}) + "\n"
            )


def ask(terminal: PtyTerminal, gateway: HostileGateway, word: str) -> None:
    """Ask, and wait for the end of the answer."""
    before, until = gateway.answered, time.monotonic() + PATIENCE_S
    terminal.send(f"{word}\r")
    while gateway.answered == before:
        terminal.read()
        assert time.monotonic() < until, terminal.text
    terminal.wait_still()


def visit(terminal: PtyTerminal, keys: str, *shown: str, leave: str = "\x1b") -> None:
    """Open something, see that it is there, and leave it again."""
    terminal.send(keys)
    terminal.wait_for(*shown)
    terminal.wait_still()
    if leave:
        terminal.send(leave)
        terminal.wait_still()


def start(env: dict[str, str], *words: str) -> PtyTerminal:
    return PtyTerminal(chat_command("-m", MODEL, *words), env, columns=130, rows=40)


def test_nothing_of_it_comes_out_of_the_screen(
    tmp_path: Path, env: dict[str, str], gateway: tuple[HostileGateway, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "work")
    put_into_prompts(tmp_path / "tui-chat")
    with start(env) as terminal:
        terminal.wait_for("ready", "problems, see /settings")
        visit(terminal, f"\x1b[200~{ALL.encode('utf-8', 'replace').decode()}\x1b[201~", "{braces}", leave="\x03")
        for word in (*STATUSES, "reasoning", "text"):
            ask(terminal, gateway[0], word)
        visit(terminal, "\x14", "ready", leave="\x14")
        visit(terminal, "/copy all\r", "Copied", leave="")
        visit(terminal, "/copy code 1\r", "code block", leave="")
        visit(terminal, "/save saved.md\r", "saved.md", leave="")
        visit(terminal, "/export json saved.json\r", "saved.json", leave="")
        visit(terminal, "\x0c", "needle/[/x]")
        visit(terminal, "\x1bOR", "This chat")
        visit(terminal, "\x12", "Prompt history", "needle")
        visit(terminal, "/theme\r\x1b[F", "calm blues", "needle")
        visit(terminal, "/settings\r", "base_url")
        visit(terminal, "\x06needle\r", "needle")
        visit(terminal, "\x10needle", "needle")
        visit(terminal, "@needle", "needle", leave="\x15")
        visit(terminal, f"/rename {PAYLOADS['markup that acts']}\r", "[@click=app.quit]quit[/]", leave="")
        visit(terminal, "/resume\r", "Conversations", "[@click=app.quit]quit[/]")
        visit(terminal, "/system\r", "System prompt", "pwned")
        terminal.send("/editor quote\r")
        terminal.wait_until((tmp_path / "edited").exists, "the editor")
        visit(terminal, "", "The editor returned at once", leave="\x03")
        for word in ("refusal", "broken", "error", "tools"):
            ask(terminal, gateway[0], word)
        visit(terminal, "one\rtwo\r", "look_up", leave="")
        output = terminal.output
        terminal.process.terminate()
        terminal.wait_end()
    assert harm_written(terminal.output) == []
    assert len([copied for copied in copied_in(output) if "needle" in copied]) == 2
    for name in ("work/saved.md", "work/saved.json", "edited"):
        assert "needle" in (tmp_path / name).read_text()
        assert harm_in((tmp_path / name).read_text()) == []


def test_nothing_of_it_comes_out_of_the_plain_chat(
    tmp_path: Path, env: dict[str, str], gateway: tuple[HostileGateway, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "work")
    with start({**env, "TERM": "dumb"}) as terminal:
        terminal.wait_for("You:")
        for word in (*STATUSES, "reasoning", "text", "refusal", "broken", "error", "tools"):
            ask(terminal, gateway[0], word)
        terminal.send("5\r")
        for typed in (
            "/messages", "q", "/reasoning", "/tools", "q", "/find needle", "q", "/model", "q", "/resume", "q",
            "/settings", "/theme", "/usage", "/copy all",
        ):  # fmt: skip
            terminal.send(f"{typed}\r")
            terminal.wait_still()
        terminal.process.terminate()
        terminal.wait_end()
    assert terminal.output.count(b"needle") > 20
    assert harm_in(terminal.output.decode().replace("\r\n", "\n")) == []


def make_old(home: Path) -> None:
    """Make every text of the store hostile, as a store may be that an older program wrote."""
    with sqlite3.connect(next(home.rglob("conversations.db"))) as store:
        for table, columns in {
            "conversations": ("title", "model", "system"),
            "answers": ("requested_model", "model", "finish_reason"),
        }.items():
            for column in columns:
                store.execute(f"update {table} set {column} = ?", (SURROGATELESS,))
        for field in ("text", "name", "arguments", "content"):
            change = f"update parts set data = json_set(data, '$.{field}', ?)"
            store.execute(f"{change} where json_extract(data, '$.{field}') is not null", (SURROGATELESS,))


def test_nothing_of_it_comes_out_of_a_store_of_old(tmp_path: Path, env: dict[str, str], run: Run) -> None:
    for word in ("text", "tools", "error"):
        run("ask", word, "-m", MODEL)
    make_old(tmp_path)
    (tmp_path / "tui-chat" / "config.toml").unlink()  # what is said of it would lie over the panes
    with start(env, "-c") as terminal:
        terminal.wait_for("● needle", "ready")
        visit(terminal, "\x0c", "needle/[/x]")
        visit(terminal, "\x1bOR", "This chat")
        visit(terminal, "\x0f", "tool")
        visit(terminal, "/resume\r", "needle", leave="\x1b[B\r")
        visit(terminal, "/resume\r", "needle")
        terminal.send("\x04")
        terminal.wait_end()
    assert harm_written(terminal.output) == []


@pytest.fixture
def run(env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command without the screen: what it wrote, to standard output and error."""
    monkeypatch.chdir(tmp_path / "work")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", (tmp_path / "editor").open())

    def done(*words: str) -> tuple[str, str]:
        with contextlib.suppress(SystemExit):
            main(words)
        return capfd.readouterr()

    return done


def test_nothing_of_it_comes_out_of_the_commands(tmp_path: Path, run: Run) -> None:
    said = {word: run("ask", word, "-m", MODEL) for word in (*ANSWERS, *STATUSES)}
    said["as JSON"] = run("ask", "text", "-m", MODEL, "--json")
    said["as a stream"] = run("ask", "tools", "-m", MODEL, "--stream-json")
    make_old(tmp_path)
    (id_, *_) = (row["id"] for row in json.loads(run("history", "list", "--json")[0]))
    for words in (
        "history list", f"history show {id_}", f"history show {id_} --json", "history search needle",
        "history search needle --json", f"history export {id_}", f"history export {id_} --format json", "models",
        "models --json", "usage", "usage --json", "config", "config --json", "history show x\x9b", "config \x9b",
    ):  # fmt: skip
        said[words] = run(*words.split())

    assert all(stdout or stderr for stdout, stderr in said.values())
    assert sum("needle" in stdout + stderr for stdout, stderr in said.values()) > len(said) - 6
    harm = {name: harm_in(stdout)[:3] + harm_in(stderr)[:3] for name, (stdout, stderr) in said.items()}
    assert {name: found for name, found in harm.items() if found} == {}

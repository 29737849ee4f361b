"""`tui-chat history export`: each form, what is chosen of a conversation, all of them at once, and what is hidden."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.program import KEY, CalledProgram
from tests.cli.test_history import change
from tests.store.values import answer, question
from tui_chat.chat.ports import Store
from tui_chat.cli.flag_values import EXPORT_FORMATS
from tui_chat.core.tree import Conversation
from tui_chat.transcripts.exporting import SUFFIXES
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.jsonl import from_jsonl

PATTERN = 'redact = ["ACME-[0-9]+"]\n'


async def _keep(store: Store) -> None:
    """`one` with two branches, `two` of the same day and title, and `put`, which is archived."""
    for id_ in ("one", "two", "put"):
        await store.save_conversation(Conversation(id_, 1_000.0, "Tea", "a/model", head_id=f"{id_}-b"))
        await store.save_node(id_, question(f"{id_}-q", f"About {id_}, ACME-7", at=1_000.0))
        await store.save_node(id_, answer(f"{id_}-a", f"First, {KEY}.", parent_id=f"{id_}-q", at=1_001.0, cost="0.25"))
        await store.save_node(id_, answer(f"{id_}-b", "Second.", parent_id=f"{id_}-q", at=1_002.0, cost="0.25"))
    await store.set_archived("put", True)


@pytest.fixture
def kept(called: CalledProgram) -> CalledProgram:
    change(called, _keep)
    return called


def printed(program: CalledProgram, words: str) -> str:
    ended = program.run("history", "export", *words.split())
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_forms_are_those_that_there_are() -> None:
    assert tuple(SUFFIXES) == EXPORT_FORMATS


@pytest.mark.parametrize(
    ("form", "begins"),
    [("markdown", "# Tea\n"), ("html", "<!doctype html>"), ("text", "Tea\n===\n"), ("json", "{\n"), ("jsonl", "{")],
)
def test_each_form_is_printed_or_written(kept: CalledProgram, tmp_path: Path, form: str, begins: str) -> None:
    text = printed(kept, f"one --format {form}")
    assert text.startswith(begins)
    assert "Second." in text
    file = tmp_path / f"tea.{SUFFIXES[form]}"
    assert printed(kept, f"one -o {file}") == f"{file}\n"  # the ending chooses the form
    assert file.read_text() == text
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_lossless_forms_hold_every_branch(kept: CalledProgram) -> None:
    assert printed(kept, "one --json") == printed(kept, "one --format json --all")
    as_json = from_json(printed(kept, "one --json").encode())
    assert from_jsonl(printed(kept, "one --format jsonl").encode()) == as_json
    assert [node.id for node in as_json.nodes] == ["one-q", "one-a", "one-b"]


def test_a_branch_the_last_or_all_of_them_are_chosen(kept: CalledProgram) -> None:
    assert "First" not in printed(kept, "one")
    assert "First" in printed(kept, "one --all")
    assert "Second." not in printed(kept, "one --branch one-a")
    assert "About" not in printed(kept, "one --last 1")


def test_facts_can_be_left_out(kept: CalledProgram) -> None:
    for form in EXPORT_FORMATS:
        text = printed(kept, f"one --no-facts --format {form}")
        assert not any(fact in text for fact in ("gpt-4o", "a/model", "0.25", "1970-01-01 00"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "-o for all of them"),
        ("--branch x -o out", "wants the id"),
        ("one --branch one-a --all", "one of them"),
        ("one --last 2 --all", "one of them"),
        ("one --last 2 --json", "always hold every message"),
        ("one --branch one-a -o x.jsonl", "always hold every message"),
        ("one --format pdf", "invalid choice"),
    ],
)
def test_what_cannot_be_meant_together_is_wrong_use(kept: CalledProgram, words: str, why: str) -> None:
    ended = kept.run("history", "export", *words.split())
    assert ended.returncode == 2
    assert why in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("message", "said"),
    [("zzz", "No message of this conversation has the id zzz"), ("one", "3 messages have an id that begins with one")],
)
def test_a_message_that_cannot_be_told_is_wrong_use(kept: CalledProgram, message: str, said: str) -> None:
    ended = kept.run("history", "export", "one", "--branch", message)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_file_that_is_there_stays(kept: CalledProgram, tmp_path: Path) -> None:
    file = tmp_path / "tea.md"
    file.write_text("mine")
    ended = kept.run("history", "export", "one", "-o", str(file))
    assert ended.returncode != 0
    assert "exists already" in ended.stderr
    assert file.read_text() == "mine"


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_what_is_hidden_is_told_by_kind_count_and_message_and_never_shown(kept: CalledProgram, form: str) -> None:
    (kept.home / "tui-chat").mkdir(exist_ok=True)
    (kept.home / "tui-chat" / "config.toml").write_text(PATTERN)
    ended = kept.run("history", "export", "one", "--redact", "--format", form, "--no-facts")
    is_whole = form in ("json", "jsonl")
    assert KEY not in ended.stdout + ended.stderr
    assert "ACME-7" not in ended.stdout + ended.stderr
    assert "Hidden 1 × your pattern 1, in message 1." in ended.stderr
    assert ("Hidden 1 × a key in use, in message 2." in ended.stderr) is is_whole


def test_a_key_that_was_saved_for_another_gateway_is_hidden_too(kept: CalledProgram) -> None:
    other = "Qz7-another-gateway-secret-19"
    change(kept, lambda store: store.save_node("two", question("two-c", f"I have {other}", parent_id="two-b")))
    change(kept, lambda store: store.save_conversation(Conversation("two", 1_000.0, "Tea", head_id="two-c")))
    file = kept.home / "tui-chat" / "credentials.toml"
    file.write_text(f'last = "https://other.test"\n[keys]\n"https://other.test" = "{other}"\n')
    file.chmod(0o600)
    ended = kept.run("history", "export", "two", "--redact")
    assert "I have [key hidden]" in ended.stdout


def test_nothing_to_hide_is_said(kept: CalledProgram) -> None:
    assert "Nothing was found to hide." in kept.run("history", "export", "one", "--redact").stderr


def test_everything_goes_to_a_folder_under_names_of_its_own(kept: CalledProgram, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    lines = printed(kept, f"-o {folder} --format json").splitlines()
    assert sorted(map(Path, lines)) == sorted(folder.iterdir())
    assert {path.name for path in folder.iterdir()} == {
        "1970-01-01-tea.json",
        "1970-01-01-tea-2.json",
        "1970-01-01-tea-3.json",
    }
    assert {json.loads(path.read_text())["conversation"]["id"] for path in folder.iterdir()} == {"one", "two", "put"}
    before = {path: path.read_text() for path in folder.iterdir()}
    printed(kept, f"-o {folder} --format json")
    assert len(list(folder.iterdir())) == 6
    assert all(path.read_text() == text for path, text in before.items())


def test_one_that_cannot_be_exported_is_named_and_the_others_go_on(
    kept: CalledProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_chat.core.errors import StoreError
    from tui_chat.store.sqlite import SqliteStore

    load = SqliteStore.load

    async def torn(self: SqliteStore, id_prefix: str) -> object:
        if id_prefix == "two":
            raise StoreError("It is damaged.", "")
        return await load(self, id_prefix)

    monkeypatch.setattr(SqliteStore, "load", torn)
    ended = kept.run("history", "export", "-o", str(tmp_path / "out"))
    assert ended.returncode == 1
    assert "two is not exported: It is damaged." in ended.stderr
    assert len(os.listdir(tmp_path / "out")) == 2


def test_a_file_in_the_place_of_the_folder_is_refused(kept: CalledProgram, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ended = kept.run("history", "export", "-o", str(tmp_path / "file"))
    assert ended.returncode != 0
    assert "is no folder" in ended.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_the_theme_of_the_settings_colours_the_page(kept: CalledProgram) -> None:
    (kept.home / "tui-chat" / "config.toml").write_text('theme = "fjord"\n')
    assert '<meta name="color-scheme" content="dark">' in printed(kept, "one --format html")

"""What stands in the place of one of our files, or of a file that the person names, and is none: it is refused at once,
in words that name it, whoever reads it."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.irregular import IRREGULAR
from tests.memory_store import MemoryStore
from tui_chat.chat.policy import Breadth, Permission
from tui_chat.core.errors import AttachmentError, FileError, SettingsError, TranscriptError
from tui_chat.settings.command_line import CommandLine, Override
from tui_chat.settings.load import load_settings
from tui_chat.settings.save import save_setting
from tui_chat.settings.secret_key import SecretKey
from tui_chat.settings.secrets import find_connection, save_key
from tui_chat.settings.theme_files import Themes
from tui_chat.tools.kept_permissions import PermissionFile
from tui_chat.ui.composing.files.ignore_rules import rules_above
from tui_chat.ui.composing.files.listing import facts_of
from tui_chat.wiring.load import load
from tui_chat.workspace.attachments import read_attachment
from tui_chat.workspace.drafts import DraftFiles
from tui_chat.workspace.importing import import_file
from tui_chat.workspace.mentioned_files import files_named
from tui_chat.workspace.prompts_file import append_prompt, read_prompts
from tui_chat.workspace.stash import StashFiles


def settings(folder: Path) -> str:
    return str(load_settings(folder / "file", {}).problems[0])


def settings_to_save(folder: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        save_setting(folder / "file", "model", "a/b")
    return str(refused.value)


def credentials(folder: Path) -> str:
    return str(find_connection(load_settings(folder / "none", {}), {}, folder / "file").problems[0])


def credentials_to_save(folder: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        save_key(folder / "file", "http://127.0.0.1:1", SecretKey("k"))
    return str(refused.value)


def prompts(folder: Path) -> str:
    append_prompt(folder / "file", "words")
    with pytest.raises(FileError) as refused:
        read_prompts(folder / "file")
    return str(refused.value)


def theme(folder: Path) -> str:
    (folder / "file").rename(folder / "file.toml")
    return str(Themes(folder).read("file")[1][0])


def tools(folder: Path) -> str:
    (folder / "config.toml").write_text('tools = "file"')
    wiring = load(CommandLine(is_temporary=True), {"TUI_CHAT_HOME": str(folder)})
    assert wiring.services().tools == ()
    (problem,) = wiring.loaded.problems
    return problem.message


def permissions(folder: Path) -> str:
    failure = asyncio.run(PermissionFile(folder / "file", lambda: 0.0).read())
    assert failure is not None
    return failure.message


def permissions_to_save(folder: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        asyncio.run(PermissionFile(folder / "file", lambda: 0.0).keep(Permission("list", Breadth.KEPT), ""))
    return str(refused.value)


def attachment(folder: Path) -> str:
    with pytest.raises(AttachmentError) as refused:
        read_attachment(folder / "file", str(folder / "file"))
    return str(refused.value)


def mention(folder: Path) -> str:
    (named,) = files_named("see @./file", folder)
    assert named.problem
    return f"{folder / named.name}: {named.problem}"


def import_(folder: Path) -> str:
    with pytest.raises(TranscriptError) as refused:
        asyncio.run(import_file(MemoryStore(), folder / "file"))
    return str(refused.value)


PLACES: Final[Mapping[str, Callable[[Path], str]]] = {
    "settings": settings,
    "settings to save": settings_to_save,
    "credentials": credentials,
    "credentials to save": credentials_to_save,
    "prompts": prompts,
    "theme": theme,
    "tools": tools,
    "permissions": permissions,
    "permissions to save": permissions_to_save,
    "attachment": attachment,
    "mention": mention,
    "import": import_,
}


@pytest.mark.parametrize("kind", IRREGULAR)
@pytest.mark.parametrize("place", PLACES)
def test_it_is_refused_at_once_in_words_that_name_it(tmp_path: Path, place: str, kind: str) -> None:
    if (place, kind) in (("prompts", "100 MB"), ("theme", "a link to itself")):
        pytest.skip("prompts are read from the end of a file of any size; a theme's file is renamed by this test")
    IRREGULAR[kind](tmp_path / "file")
    words = PLACES[place](tmp_path)
    assert "file" in words
    assert str(tmp_path) in words


@pytest.mark.parametrize("kind", IRREGULAR)
def test_among_drafts_and_the_stash_it_is_passed_over(tmp_path: Path, kind: str) -> None:
    IRREGULAR[kind](tmp_path / "new-a.json")
    drafts = DraftFiles(tmp_path, "run")
    drafts.prune()
    assert drafts.take_new() == ()
    assert StashFiles(tmp_path, "run").read() == ()


@pytest.mark.parametrize("kind", IRREGULAR)
def test_a_completion_shows_it_as_unreadable_and_an_ignore_file_counts_for_nothing(tmp_path: Path, kind: str) -> None:
    IRREGULAR[kind](tmp_path / "file")
    ((_, words),) = [row[-1] for row in facts_of(["file"], str(tmp_path))]
    assert words.strip() in ("unreadable", "too large")
    (tmp_path / "file").rename(tmp_path / ".git")
    assert not rules_above(f"{tmp_path}/").leave_out(f"{tmp_path}/a")


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "n" * 300, "~nobody-of-this-name/x"])
def test_a_name_that_no_file_has_is_refused_in_words(tmp_path: Path, name: str) -> None:
    line = CommandLine({"tools": Override("--tools", str(tmp_path / name))}, is_temporary=True)
    with pytest.raises(SettingsError, match="cannot be read"):
        load(line, {"TUI_CHAT_HOME": str(tmp_path)}).services()
    with pytest.raises(AttachmentError, match="cannot be read"):
        read_attachment(tmp_path / name, name)


def test_a_link_to_the_settings_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "config.toml"
    real.write_text("# mine\n")
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save_setting(link, "model", "a/b")
    assert link.is_symlink()
    assert real.read_text() == '# mine\nmodel = "a/b"\n'


def test_a_key_is_neither_read_nor_saved_through_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real"
    save_key(real, "http://127.0.0.1:1", SecretKey("sr_test"))
    before = real.read_bytes()
    link = tmp_path / "credentials.toml"
    link.symlink_to(real)
    connection = find_connection(load_settings(tmp_path / "none", {}), {}, link)
    assert connection.is_demo
    assert "It is a link" in str(connection.problems[0])
    with pytest.raises(SettingsError, match="It is a link"):
        save_key(link, "http://127.0.0.1:2", SecretKey("sr_other"))
    assert real.read_bytes() == before

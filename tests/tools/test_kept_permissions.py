"""The file of permissions that are kept, and what each is bound to."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from tui_chat.chat.kept_permissions import hash_of
from tui_chat.chat.policy import Breadth, Permission
from tui_chat.core.errors import SettingsError
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import CommandRecipe, Tool, ToolServer, Variable
from tui_chat.tools.kept_permissions import LONGEST_ARGUMENTS, PermissionFile, change_permissions
from tui_chat.tools.servers.offer import Definition, Offer

HASH = "a" * 64
TOOL = Tool(
    ToolDefinition("list", "Lists.", {"type": "object", "properties": {}}),
    CommandRecipe(("ls",), "/srv", (("A", "b"),)),
    source="/home/me/tools.toml",
)
ENTRY = f'[[allowed]]\ntool = "list"\ndefinition = "{HASH}"\nsource = "/t.toml"\nsince = 2026-01-02T03:04:05Z\n'


def permission(breadth: Breadth, **more: object) -> Permission:
    return Permission("list", breadth, digest=HASH, **more)  # type: ignore[arg-type]  # its fields


KEPT = (
    permission(Breadth.KEPT),
    permission(Breadth.KEPT_EXACT, arguments='{"path": "/\\u001b"} \x1b[31m"""'),
    permission(Breadth.KEPT_FIELDS, fields=(("path", '"/a"'), ("n", "1"))),
)


async def test_what_is_kept_is_found_by_another_program_and_taken_back_there(tmp_path: Path) -> None:
    file = tmp_path / "data" / "allowed.toml"
    keeper = PermissionFile(file, lambda: 1_700_000_000.9)
    assert await keeper.read() is None
    for each in (*KEPT, KEPT[0]):
        await keeper.keep(each, "/t.toml")
    assert file.stat().st_mode & 0o777 == 0o600
    other = PermissionFile(file, lambda: 0.0)
    assert await other.read() is None
    assert [(kept.permission, kept.since, kept.source) for kept in other.kept] == [
        (each, 1_700_000_000.0, "/t.toml") for each in KEPT
    ]
    await other.forget(KEPT[1:])
    assert await keeper.read() is None
    assert [kept.permission for kept in keeper.kept] == [KEPT[0]]


async def test_the_file_of_a_tool_is_kept_so_that_it_can_be_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keeper = PermissionFile(tmp_path / "allowed.toml", lambda: 0.0)
    await keeper.keep(KEPT[0], "tools.toml")
    assert [kept.source for kept in keeper.kept] == [str(tmp_path / "tools.toml")]


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        ENTRY[:-9],
        ENTRY + "[more]\n",
        ENTRY + 'only = "on mondays"\n',
        ENTRY + 'arguments = ""\nfields = [["a", "1"]]\n',
        ENTRY + "fields = []\n",
        ENTRY + 'fields = [["a"]]\n',
        ENTRY + 'fields = "a"\n',
        ENTRY.replace("Z", ""),
        ENTRY.replace(HASH, HASH[1:]),
        ENTRY.replace('"list"', '""'),
        "allowed = 1\n",
        f"allowed = {'[' * 2000}\n",
        ENTRY * 1001,
    ],
    ids=lambda text: repr(text[-20:]),
)
async def test_a_file_that_is_not_wholly_understood_allows_nothing_and_stays(tmp_path: Path, text: str) -> None:
    file = tmp_path / "allowed.toml"
    file.write_text(text)
    file.chmod(0o600)
    keeper = PermissionFile(file, lambda: 0.0)
    failure = await keeper.read()
    assert failure is not None
    assert "is not trusted" in failure.message
    assert keeper.kept == ()
    assert await keeper.read() is None  # said once
    with pytest.raises(SettingsError):
        await keeper.keep(KEPT[0], "")
    assert file.read_text() == text
    change_permissions(file, lambda _: (), anew=True)
    assert await keeper.read() is None


async def test_a_file_that_others_may_write_or_that_is_a_link_allows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    file.write_text(ENTRY)
    file.chmod(0o620)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    for each in (file, link):
        keeper = PermissionFile(each, lambda: 0.0)
        assert await keeper.read() is not None
        assert keeper.kept == ()
    file.chmod(0o600)
    assert await (keeper := PermissionFile(file, lambda: 0.0)).read() is None
    assert len(keeper.kept) == 1


@pytest.mark.parametrize("arguments", ["x" * (LONGEST_ARGUMENTS + 1), '"\ud800"'])
async def test_arguments_that_cannot_be_kept_are_refused(tmp_path: Path, arguments: str) -> None:
    keeper = PermissionFile(tmp_path / "allowed.toml", lambda: 0.0)
    with pytest.raises(SettingsError):
        await keeper.keep(permission(Breadth.KEPT_EXACT, arguments=arguments), "")
    assert await keeper.read() is None
    assert keeper.kept == ()


def test_programs_that_keep_something_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"

    def keep(number: int) -> None:
        new = Permission(f"tool{number}", Breadth.KEPT, digest=HASH)
        asyncio.run(PermissionFile(file, lambda: 0.0).keep(new, ""))

    with ThreadPoolExecutor(8) as programs:
        list(programs.map(keep, range(16)))
    keeper = PermissionFile(file, lambda: 0.0)
    asyncio.run(keeper.read())
    assert {kept.permission.name for kept in keeper.kept} == {f"tool{number}" for number in range(16)}


@pytest.mark.parametrize(
    "other",
    [
        {"definition": msgspec.structs.replace(TOOL.definition, description="Lists!")},
        {"definition": msgspec.structs.replace(TOOL.definition, parameters={"type": "object"})},
        {"recipe": CommandRecipe(("ls", "-l"), "/srv", (("A", "b"),))},
        {"recipe": CommandRecipe(("ls",), "/", (("A", "b"),))},
        {"recipe": CommandRecipe(("ls",), "/srv", (("A", Variable("b")),))},
        {"recipe": None},
        {"source": "/project/tools.toml"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_tool_that_has_changed_is_another_one(other: dict[str, object]) -> None:
    assert hash_of(TOOL) == hash_of(msgspec.structs.replace(TOOL, timeout_s=5.0))
    assert hash_of(msgspec.structs.replace(TOOL, **other)) != hash_of(TOOL)
    assert hash_of(TOOL, "a project as it was agreed to") != hash_of(TOOL)


def test_a_tool_of_another_server_is_another_one() -> None:
    recipes = set()
    for command in (("serve",), ("serve", "--all")):
        offer = Offer(ToolServer("one", command))
        offer.take([Definition("echo", "Says it.", {"type": "object"})])
        tool = offer.get("echo")
        assert tool is not None
        recipes.add(tool.recipe)
    assert len(recipes) == 2

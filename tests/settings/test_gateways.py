"""Gateways with a name: what a table may hold, what is wrong with one, and that its secrets do not show."""

import string
from pathlib import Path

import msgspec
import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_chat.core.errors import SettingsError
from tui_chat.settings.describe import describe
from tui_chat.settings.load import Loaded, load_settings
from tui_chat.settings.named_gateway import FromCommand, FromVariable, NamedGateway
from tui_chat.settings.secret_key import SecretKey
from tui_chat.settings.secrets import choose_gateway, find_named_connection, save_key

WHOLE = """
model = "own/model"
[gateway.work]
base_url = "gateway.test/v1/chat/completions?team=red-team-17"
model = "work/model"
headers = { X-Team = "red-team", X-Token = { env = "WORK_TOKEN" }, X-Sum = { command = ["sum", "it"] } }
auth = "X-Api-Key"
key_command = ["pass", "show", "work"]
thinking_tags = [["<mull>", "</mull>"]]
send_reasoning = "never"
"""


def loaded_from(folder: Path, text: str) -> Loaded:
    (folder / "config.toml").write_text(text)
    return load_settings(folder / "config.toml", {})


def loaded_table(folder: Path, *lines: str) -> Loaded:
    return loaded_from(folder, "\n".join(["[gateway.work]", *lines]))


def test_a_table_with_everything_is_read(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, WHOLE)

    assert loaded.problems == ()
    assert loaded.settings.gateway["work"] == NamedGateway(
        "work",
        "https://gateway.test/v1?team=red-team-17",
        model="work/model",
        headers=(
            ("X-Team", SecretKey("red-team")),
            ("X-Token", FromVariable("WORK_TOKEN")),
            ("X-Sum", FromCommand(("sum", "it"))),
        ),
        auth="X-Api-Key",
        key_command=FromCommand(("pass", "show", "work")),
        thinking_tags=(("<mull>", "</mull>"),),
        send_reasoning="never",
    )


def test_a_user_part_is_kept_apart_from_the_address(tmp_path: Path) -> None:
    loaded = loaded_table(tmp_path, 'base_url = "http://me:p%40ss%2Fword@gateway.test:8080/v1?a=b@c"')

    gateway = loaded.settings.gateway["work"]
    assert (gateway.base_url, gateway.login) == ("http://gateway.test:8080/v1?a=b@c", SecretKey("me:p@ss/word"))
    assert [header.name for header in gateway.sent_headers(None)] == ["Authorization"]


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('base_url = "ftp://x.test"', "base_url", "http://"),
        ("base_url = 3", "base_url", "address"),
        ("headers = 3", "headers", "table"),
        ('headers = { "X Y" = "1" }', "headers.X Y", "no name that a header can have"),
        ('headers = { Host = "evil.test" }', "headers.Host", "set by the chat itself"),
        ('headers = { content-length = "3" }', "headers.content-length", "set by the chat itself"),
        ('headers = { Transfer-Encoding = "chunked" }', "headers.Transfer-Encoding", "set by the chat itself"),
        ('headers = { X-A = "one\\r\\nX-B: two" }', "headers.X-A", "a line break (character 4)"),
        ('headers = { X-A = "\\u0007" }', "headers.X-A", "no header can carry"),
        ('headers = { X-A = "" }', "headers.X-A", "is empty"),
        ('headers = { "X-A\\nX-B" = "1" }', "headers", "no name that a header can have"),
        ('headers = { X-A = "1", x-a = "2" }', "headers.x-a", "twice"),
        ("headers = { X-A = 3 }", "headers.X-A", "{ env ="),
        ('headers = { X-A = { env = "A B" } }', "headers.X-A", "variable"),
        ('headers = { X-A = { env = "SOLROUTER_API_KEY" } }', "headers.X-A", "never goes to a gateway with a name"),
        ('headers = { X-A = { command = "pass show" } }', "headers.X-A", "list of words"),
        ("headers = { X-A = { command = [] } }", "headers.X-A", "list of words"),
        ('headers = { X-A = { env = "A", command = ["b"] } }', "headers.X-A", "{ env ="),
        ('auth = "Connection"', "auth", "bearer"),
        ('auth = "a b"', "auth", "bearer"),
        ('key_command = "pass show work"', "key_command", "no shell"),
        ('auth = "none"\nkey_command = ["pass"]', "key_command", "leave one of the two out"),
        ('headers = { authorization = "x" }\nkey_command = ["pass"]', "key_command", "leave one of the two out"),
    ],
)
def test_a_gateway_that_cannot_be_used_as_written_is_left_out_with_file_line_key_and_words(
    tmp_path: Path, line: str, key: str, words: str
) -> None:
    address = () if line.startswith("base_url") else ('base_url = "https://gateway.test"',)
    loaded = loaded_table(tmp_path, *address, line)

    (problem,) = loaded.problems
    assert "work" not in loaded.settings.gateway
    assert problem.key == f"gateway.work.{key}"
    assert problem.line is not None
    assert problem.line >= (2 if not address else 3)
    assert words in problem.message
    with pytest.raises(SettingsError, match="cannot be used"):
        choose_gateway(loaded, "work")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('model = "a\\nb"', "model id"),
        ('thinking_tags = ["<think>"]', "pairs"),
        ('thinking_tags = [["<a>", "<a>"]]', "pairs"),
        ('thinking_tags = [["", "<a>"]]', "pairs"),
        ('send_reasoning = "sometimes"', "auto, always or never"),
        ('modle = "x"', "did you mean model?"),
    ],
)
def test_what_a_gateway_can_do_without_is_said_and_the_default_counts(tmp_path: Path, line: str, words: str) -> None:
    loaded = loaded_table(tmp_path, 'base_url = "https://gateway.test"', line)

    (problem,) = loaded.problems
    assert words in problem.message
    assert problem.line == 3
    assert loaded.settings.gateway["work"] == NamedGateway("work", "https://gateway.test")


def test_a_wrong_gateway_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, '[gateway.a]\n[gateway.b]\nbase_url = "b.test"\n[gateway."c d"]\n[gateway]\nd = 1\n')

    assert list(loaded.settings.gateway) == ["b"]
    assert [problem.key for problem in loaded.problems] == ["gateway.a", "gateway.c d", "gateway.d"]


def test_an_unknown_name_is_said_with_the_likely_one_and_those_there_are(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, '[gateway.work]\nbase_url = "a.test"\n[gateway.home]\nbase_url = "b.test"\n')

    with pytest.raises(SettingsError) as refused:
        choose_gateway(loaded, "wrok")

    assert refused.value.failure.advice == "Did you mean work? There are work, home."
    with pytest.raises(SettingsError, match="declare none"):
        choose_gateway(loaded_from(tmp_path, ""), "work")


def test_what_a_gateway_declares_goes_before_what_holds_everywhere(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, WHOLE)

    in_force = loaded.at(loaded.settings.gateway["work"])

    assert in_force.settings.model == "work/model"
    assert in_force.settings.send_reasoning == "never"
    assert in_force.origins["model"].detail.endswith("[gateway.work]")
    assert loaded.at(NamedGateway("bare", "https://bare.test")).settings.model == "own/model"


@pytest.mark.parametrize(
    ("line", "is_used"),
    [
        ("", True),
        ('auth = "X-Api-Key"', True),
        ('auth = "none"', False),
        ('headers = { Authorization = "Token abc" }', False),
    ],
)
def test_a_key_that_was_saved_for_the_address_is_used_where_the_gateway_takes_one(
    tmp_path: Path, line: str, is_used: bool
) -> None:
    save_key(tmp_path / "credentials.toml", "https://gateway.test/v1", SecretKey("saved-for-it"))
    save_key(tmp_path / "credentials.toml", "https://other.test/v1", SecretKey("saved-for-another"))
    loaded = loaded_table(tmp_path, 'base_url = "https://gateway.test/v1"', line)

    found = find_named_connection(choose_gateway(loaded, "work"), tmp_path / "credentials.toml")

    assert found.key == (SecretKey("saved-for-it") if is_used else None)


SECRETS = st.text(string.ascii_letters + string.digits, min_size=9, max_size=24)


@settings(max_examples=60, deadline=None)
@given(query=SECRETS, user=SECRETS, password=SECRETS, value=SECRETS, argument=SECRETS, is_broken=st.booleans())
def test_no_secret_of_a_gateway_is_in_any_rendering(
    tmp_path_factory: pytest.TempPathFactory,
    query: str,
    user: str,
    password: str,
    value: str,
    argument: str,
    is_broken: bool,
) -> None:
    folder = tmp_path_factory.mktemp("home")
    table = {
        "base_url": f"https://Z{user}z:Z{password}z@gateway.test/v1?Z{query}z=Z{query}z",
        "headers": {"X-Team": f"Z{value}z" + ("\n" if is_broken else ""), "X-B": {"command": ["b", f"Z{argument}z"]}},
        "key_command": ["pass", f"Z{argument}z"],
        "auth": "X-Key",
    }
    loaded = loaded_from(folder, tomli_w.dumps({"gateway": {"work": table}}))
    problems = [str(problem) for problem in loaded.problems]
    rendered = [*problems, repr(loaded), str(loaded.settings.gateway)]
    if is_broken:
        with pytest.raises(SettingsError) as refused:
            choose_gateway(loaded, "work")
        rendered.append(f"{refused.value.failure}")
    else:
        connection = find_named_connection(choose_gateway(loaded, "work"), folder / "credentials.toml")
        for settings_in_force in (loaded, loaded.at(connection.gateway or NamedGateway("", ""))):
            rows = describe(settings_in_force, connection)
            rendered += [row.shown for row in rows]
            rendered.append(msgspec.json.encode(rows).decode())
        rendered.append(repr(connection.headers))

    assert is_broken == bool(problems)
    for secret in (query, user, password, value, argument):
        assert f"Z{secret}z" not in " ".join(rendered)

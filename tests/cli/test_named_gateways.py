"""`--gateway NAME`: which gateway is asked, and with whose key."""

import json
from pathlib import Path

import pytest

from tests.cli.program import KEY, CalledProgram
from tui_chat.cli.arguments import ConfigArguments
from tui_chat.cli.config import run_config
from tui_chat.cli.loading import load_or_refuse
from tui_chat.cli.parser import parse
from tui_chat.wiring.root import Wiring

TWO = """
model = "own/model"
base_url = "https://own.test/v1"
[gateway.work]
base_url = "https://work.test/v1?code=hush-hush-1"
model = "work/model"
headers = { X-Team = "hush-hush-2" }
key_command = ["touch", "hush-hush-3"]
[gateway.broken]
base_url = "https://broken.test"
auth = "Host"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.toml").write_text(TWO)
    monkeypatch.setenv("TUI_CHAT_HOME", str(tmp_path))
    monkeypatch.setenv("SOLROUTER_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(*words: str) -> Wiring:
    return load_or_refuse(parse(words).command_line)


@pytest.mark.parametrize("command", [("ask", "hi"), ("models",), ("hi",), ("--plain",), ("config",)])
def test_every_command_that_talks_to_a_gateway_takes_its_name(home: Path, command: tuple[str, ...]) -> None:
    wiring = loaded(*command, "--gateway", "work")

    assert wiring.connection.base_url == "https://work.test/v1?code=hush-hush-1"
    assert wiring.loaded.settings.model == "work/model"
    assert all(header.name != "Authorization" or header.prefix for header in wiring.connection.headers)
    assert wiring.connection.key is None


def test_a_model_that_is_named_on_the_command_line_goes_before_the_gateways_own(home: Path) -> None:
    assert loaded("ask", "--gateway", "work", "-m", "mine/model").loaded.settings.model == "mine/model"


@pytest.mark.parametrize(
    ("key", "words", "asked"),
    [
        (KEY, (), "https://api.solrouter.io/ai"),
        ("", (), "the embedded demo gateway"),
        (KEY, ("--gateway", "work"), "https://work.test/v1?…"),
    ],
)
def test_a_wrong_address_in_the_environment_is_told_with_where_words_go_instead(
    home: Path, monkeypatch: pytest.MonkeyPatch, key: str, words: tuple[str, ...], asked: str
) -> None:
    monkeypatch.setenv("SOLROUTER_BASE_URL", "ftp://mistyped.test")
    monkeypatch.setenv("SOLROUTER_API_KEY", key)
    problems = [str(problem) for problem in loaded("ask", *words).loaded.problems]
    assert any(
        each.startswith("SOLROUTER_BASE_URL") and each.endswith(f"; {asked} is asked instead.") for each in problems
    )


def test_a_gateway_by_name_goes_before_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLROUTER_BASE_URL", "https://environment.test")

    assert loaded("ask", "--gateway", "work").connection.base_url.startswith("https://work.test")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--gateway", "wrok"), "There is no gateway wrok. Did you mean work? There are work."),
        (("--gateway", "broken"), "config.toml:11: gateway.broken.auth:"),
        (("--gateway", "work", "--base-url", "https://x.test"), "--gateway and --base-url name two gateways"),
        (("--gateway", ""), "There is no gateway"),
    ],
)
def test_what_names_no_gateway_is_wrong_use(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        loaded("ask", "hi", *words)

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("words", [(), ("--gateway", "work")])
def test_config_shows_gateways_without_their_secrets_and_runs_no_command(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], as_json: bool
) -> None:
    run_config(parse(("config", *words)).command_line, ConfigArguments(as_json=as_json))

    shown = capsys.readouterr().out
    shown = json.dumps(json.loads(shown), ensure_ascii=False) if as_json else shown
    assert "https://work.test/v1?…" in shown
    assert "X-Team hidden" in shown
    assert "the command touch" in shown
    assert "hush" not in shown
    assert KEY not in shown
    assert not (home / "hush-hush-3").exists()
    if not as_json:
        assert "gateway.work.headers" in shown
    else:
        row = json.loads(shown)["base_url"]["value"]
        assert row == ("https://work.test/v1?…" if words else "https://own.test/v1")


def test_a_gateway_by_name_is_asked_with_its_own_key_and_never_with_that_of_the_environment(
    called: CalledProgram, gateway_url: str
) -> None:
    folder = Path(called.env["TUI_CHAT_HOME"])
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'[gateway.with-key]\nbase_url = "{gateway_url}"\nkey_command = ["printf", "sr_of_its_own"]\n'
        f'model = "demo/fast"\n[gateway.without]\nbase_url = "{gateway_url}"\nmodel = "demo/fast"\n'
    )

    with_key = called.run("ask", "--gateway", "with-key", "hi")
    without = called.run("ask", "--gateway", "without", "hi")

    assert (with_key.returncode, without.returncode) == (0, 3)
    assert with_key.stdout

"""`tui-chat config`, and settings that are wrong."""

import json
from pathlib import Path

import pytest

from tests.cli.program import KEY, CalledProgram, Program


def test_config_says_where_each_value_comes_from(program: Program) -> None:
    path = Path(program.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('model = "from/file"\nretries = "many"\n')
    done = program.run("config", "--json")
    rows = json.loads(done.stdout)
    assert (rows["model"]["value"], rows["model"]["source"]) == ("from/file", "file")
    assert rows["base_url"]["source"] == "environment"
    assert rows["retries"]["source"] == "default"
    assert KEY not in done.stdout + done.stderr
    assert "retries: must be a whole number" in done.stderr
    assert "retries" in program.run("config").stdout.split("!")[1]


BROKEN = 'base_url = "http://127.0.0.1:9/v1"\nmodel = "own/model"\nbroken\n[gateway.work]\nbase_url = "http://w.test"\n'
ALONE = {"SOLROUTER_API_KEY": "", "SOLROUTER_BASE_URL": ""}
"""Nothing but the file names a gateway."""


def broken_settings(called: CalledProgram) -> Path:
    path = Path(called.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BROKEN)
    return path


def test_a_bad_file_is_said_and_a_question_goes_to_the_gateway_that_is_given_otherwise(called: CalledProgram) -> None:
    path = broken_settings(called)
    done = called.run("ask", "-m", "demo/fast", "hi")
    assert done.returncode == 0
    assert f"{path}:3: not TOML" in done.stderr


@pytest.mark.parametrize("environ", [ALONE, {"SOLROUTER_BASE_URL": ""}])
def test_ask_is_refused_where_the_settings_file_cannot_be_read(called: CalledProgram, environ: dict[str, str]) -> None:
    kept = called.json("ask", "--json", "-m", "demo/fast", "hi")
    assert isinstance(kept, dict)
    path = broken_settings(called)

    plain = called.run("ask", "-c", "hi", **environ)
    done = called.run("ask", "--json", "hi", **environ)

    assert (plain.returncode, plain.stdout, done.returncode) == (2, "", 2)
    assert f"{path}:3: not TOML" in plain.stderr
    assert "Correct the file" in plain.stderr
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "settings"
    assert f"{path}:3: not TOML" in error["message"]
    path.unlink()
    (saved,) = json.loads(called.run("history", "list", "--json").stdout)
    assert (saved["id"], saved["messages"]) == (kept["conversation"], 2)


@pytest.mark.parametrize(
    "text", ["broken", 'last = "http://127.0.0.1:9/v1"\n[keys]\n"http://127.0.0.1:9/v1" = "k e y"\n']
)
def test_ask_is_refused_where_the_saved_keys_cannot_be_read(called: CalledProgram, text: str) -> None:
    path = Path(called.run("config", "path").stdout.strip()).with_name("credentials.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)

    done = called.run("ask", "--json", "hi", **ALONE)
    given = called.run("ask", "-m", "demo/fast", "hi")

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["message"].startswith(f"{path}: ")
    assert "Correct or remove the file" in done.stderr
    assert "k e y" not in done.stdout + done.stderr
    assert given.returncode == 0


def test_where_the_settings_file_cannot_be_read_it_is_said_which_gateway_is_asked_instead(
    called: CalledProgram,
) -> None:
    broken_settings(called)

    listed = called.run("models", "--json", **ALONE)
    config = called.run("config", **ALONE)
    elsewhere = called.run("config", SOLROUTER_BASE_URL="")
    given = called.run("config")
    named = called.run("config", "--gateway", "work", **ALONE)

    assert "the embedded demo gateway is asked instead." in listed.stderr
    assert "the embedded demo gateway is asked instead." in config.stdout
    (row,) = (line for line in config.stdout.splitlines() if line.startswith("asked "))
    assert "the embedded demo gateway" in row
    assert "https://api.solrouter.io/ai is asked instead." in elsewhere.stdout
    assert "is asked instead" not in given.stdout
    assert named.returncode == 2
    assert "config.toml:3: not TOML" in named.stderr


@pytest.mark.parametrize("words", [("ask", "hi"), ("--plain",), (), ("config",), ("history", "list")])
def test_a_settings_file_named_by_a_flag_has_to_be_there(
    called: CalledProgram, tmp_path: Path, words: tuple[str, ...]
) -> None:
    for name in (str(tmp_path / "no-such.toml"), str(tmp_path), ""):
        done = called.run(*words, "--config", name)

        assert (done.returncode, done.stdout) == (2, "")
        assert f"--config: there is no file “{name}”; name one that there is" in done.stderr


def test_a_theme_of_the_settings_that_there_is_not_is_told_with_file_and_line(called: CalledProgram) -> None:
    path = Path(called.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('# mine\ntheme = "no-such"\n')
    words = f"{path}:2: theme: no theme has this name; there are: dusk"

    assert f"! {words}" in called.run("config").stdout
    assert words in called.run("config", "--json").stderr
    assert "! gone: theme: no theme has this name" in called.run("config", "--theme", "gone").stdout
    for theme in ("paper", "auto"):
        assert "no theme has" not in called.run("config", "--theme", theme).stdout


def test_ask_says_in_one_line_that_a_project_file_waits_and_config_shows_it(
    called: CalledProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    file = work / ".tui-chat.toml"
    file.write_text('model = "no/such"\n[gateway.evil]\nbase_url = "http://127.0.0.1:9"\n')
    file.chmod(0o644)
    monkeypatch.chdir(work)
    done = called.run("ask", "-m", "demo/fast", "hi")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if str(file) in line] == done.stderr.splitlines()
    assert len(done.stderr.splitlines()) == 1
    rows = json.loads(called.run("config", "--json").stdout)
    assert rows["project_file"] == {
        "value": str(file), "source": "project", "origin": "not agreed to: it does not count",
    }  # fmt: skip
    assert rows["model"]["source"] == "default"
    assert f"! {file}:2: gateway" in called.run("config").stdout
    assert "does not count" in called.run("config", "forget").stdout

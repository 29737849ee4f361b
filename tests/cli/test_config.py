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


def test_a_bad_file_is_said_and_the_program_goes_on(program: Program) -> None:
    path = Path(program.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("model = ")
    done = program.run("ask", "-m", "demo/fast", "hi")
    assert done.returncode == 0
    assert "config.toml:1" in done.stderr


def test_a_theme_that_there_is_not_is_said_wherever_it_is_named(program: Program) -> None:
    assert (
        "! no-such: theme: no theme has this name; there are: dusk"
        in program.run("config", "--theme", "no-such").stdout
    )
    assert "no theme has this name" in program.run("config", "--json", "--theme", "no-such").stderr
    for theme in ("paper", "auto"):
        assert "!" not in program.run("config", "--theme", theme).stdout


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

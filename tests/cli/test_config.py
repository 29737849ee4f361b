"""`tui-chat config`, and settings that are wrong."""

import json
from pathlib import Path

from tests.cli.program import KEY, Program


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
    assert "retries" in program.run("config").stdout.split("!")[1]


def test_a_bad_file_is_said_and_the_program_goes_on(program: Program) -> None:
    path = Path(program.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("model = ")
    done = program.run("ask", "-m", "demo/fast", "hi")
    assert done.returncode == 0
    assert "config.toml:1" in done.stderr

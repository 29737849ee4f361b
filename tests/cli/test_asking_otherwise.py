"""`--preset` and `--param`: how a question of the command line is asked."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.program import CalledProgram

PRESETS = """
[preset.short]
model = "demo/fast"
system = "Be brief."
temperature = 0.1
max_tokens = 50
extra = { top_k = 40 }
"""


def settings_of(program: CalledProgram) -> Path:
    """Its settings file, in a folder that is there."""
    folder = program.home / "tui-chat"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / "config.toml"


@pytest.fixture
def asked(called: CalledProgram) -> CalledProgram:
    settings_of(called).write_text(PRESETS)
    return called


def sampling_of(home: Path) -> tuple[dict[str, object], dict[str, object], str]:
    """Own parameters and those of the preset of the one conversation, and the model that was asked."""
    connection = sqlite3.connect(home / "tui-chat" / "conversations.db")
    try:
        own, of_preset, model = connection.execute(
            "SELECT sampling, preset_sampling, model FROM conversations"
        ).fetchone()
    finally:
        connection.close()
    return json.loads(own), json.loads(of_preset), model


def test_a_preset_and_parameters_are_kept_with_the_conversation(asked: CalledProgram) -> None:
    done = asked.run(
        "ask",
        "-p",
        "short",
        "--param",
        "temperature=1.5",
        "--param",
        'stop=["END"]',
        "--param",
        "max_tokens=9000",
        "hi",
    )
    assert (done.returncode, done.stderr) == (0, "")
    own, of_preset, model = sampling_of(asked.home)
    assert own == {"temperature": 1.5, "max_tokens": 9000, "stop": ["END"]}
    assert of_preset == {"temperature": 0.1, "max_tokens": 50, "extra": [["top_k", "40"]]}
    assert model == "demo/fast"


def test_flags_go_before_the_preset(asked: CalledProgram) -> None:
    result = asked.json("ask", "--json", "--preset", "short", "-m", "demo/markdown", "hi")
    assert isinstance(result, dict)
    assert result["requested_model"] == "demo/markdown"


def test_a_preset_counts_for_a_conversation_that_goes_on(asked: CalledProgram) -> None:
    asked.run("ask", "-m", "demo/fast", "--param", "seed=3", "hi")
    asked.run("ask", "-c", "-p", "short", "and?")
    own, of_preset, _ = sampling_of(asked.home)
    assert (own, of_preset["max_tokens"]) == ({"seed": 3}, 50)


@pytest.mark.parametrize("words", [("ask", "hi"), ("--plain", "hi")])
def test_an_unknown_preset_is_wrong_use_with_the_nearest_name(asked: CalledProgram, words: tuple[str, ...]) -> None:
    done = asked.run(*words, "-p", "shrt")
    assert done.returncode == 2
    assert "--preset: There is no preset shrt. Did you mean short?" in done.stderr


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("temperature=3", "temperature must be a number from 0 to 2"),
        ("messages=[]", "messages is set by the chat itself"),
        ("temperature", "is no NAME=VALUE"),
        ("x={", "is not JSON"),
    ],
)
def test_a_wrong_parameter_is_wrong_use(asked: CalledProgram, param: str, words: str) -> None:
    done = asked.run("ask", "--param", param, "hi")
    assert done.returncode == 2
    assert words in done.stderr


def test_a_wrong_field_of_a_preset_is_noted_and_the_rest_counts(called: CalledProgram) -> None:
    settings_of(called).write_text("[preset.odd]\ntemperature = 9\nseed = 4\n")
    done = called.run("ask", "-p", "odd", "-m", "demo/fast", "hi")
    assert "preset.odd.temperature: must be a number from 0 to 2" in done.stderr
    assert sampling_of(called.home)[1] == {"seed": 4}


def test_the_settings_list_each_field_of_a_preset(asked: CalledProgram) -> None:
    assert "preset.short.max_tokens" in asked.run("config").stdout


def test_a_preset_says_which_tools_are_on_and_one_that_is_none_is_named_and_left_out(asked: CalledProgram) -> None:
    tools = asked.home / "tools.toml"
    tools.write_text("".join(f"[tools.{name}]\nparameters = {{ type = 'object' }}\n" for name in ("one", "two")))
    settings_of(asked).write_text(f"{PRESETS}tools = ['t*', 'gone']\n".replace("extra = { top_k = 40 }", ""))
    done = asked.run("ask", "-p", "short", "--tools", str(tools), "hi")
    assert done.returncode == 0
    assert "The preset names the tool gone, and there is none." in done.stderr
    result = asked.json("ask", "-c", "--json", "--tools", str(tools), "and?")
    assert isinstance(result, dict)
    assert result["left_out"] == ["tool gone"]

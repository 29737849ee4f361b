"""`[preset.NAME]`: what it holds, and what is wrong in one."""

from pathlib import Path

import pytest

from tui_chat.core.errors import SettingsError
from tui_chat.core.request import Sampling
from tui_chat.settings.describe import describe
from tui_chat.settings.load import Loaded, load_settings
from tui_chat.settings.presets import Preset, find_preset, judge_preset, read_presets
from tui_chat.settings.secrets import Connection


def loaded_from(folder: Path, text: str) -> Loaded:
    file = folder / "config.toml"
    file.write_text(text)
    return load_settings(file, {})


def test_a_preset_has_a_model_a_system_prompt_and_parameters(tmp_path: Path) -> None:
    loaded = loaded_from(
        tmp_path,
        """
        [preset.short]
        model = "some/model"
        system = "Be brief."
        temperature = 0
        tools = ["weather", "fs_*"]
        stop = "END"
        extra = { top_k = 40, provider = { order = ["a"] } }
        """,
    )
    sampling = Sampling(temperature=0.0, stop=("END",), extra=(("top_k", "40"), ("provider", '{"order":["a"]}')))
    assert loaded.problems == ()
    assert loaded.settings.preset == {
        "short": Preset("short", "some/model", "Be brief.", sampling, ("weather", "fs_*"))
    }


def test_what_is_wrong_is_told_with_its_line_and_the_rest_counts(tmp_path: Path) -> None:
    loaded = loaded_from(
        tmp_path,
        '[preset.odd]\ntemperature = 3\ntemprature = 1\nseed = 5\nsystem = 7\nmodel = 8\ntools = ["a b"]\n'
        "[preset.odd.extra]\nmessages = []\nseed = 1\nwhen = 2020-01-01\n",
    )
    said = [str(problem).removeprefix(f"{tmp_path}/config.toml:") for problem in loaded.problems]
    assert sorted(said) == sorted(
        [
            "2: preset.odd.temperature: must be a number from 0 to 2",
            "3: preset.odd.temprature: unknown; did you mean temperature?",
            "5: preset.odd.system: must be text",
            "6: preset.odd.model: must be a model id",
            "7: preset.odd.tools: must be a list of up to 256 names of tools; till then all are off",
            "9: preset.odd.extra.messages: is set by the chat itself",
            "10: preset.odd.extra.seed: stands above, as a field of the preset itself: seed = …",
            "11: preset.odd.extra.when: must be a value that JSON has",
        ]
    )
    assert loaded.settings.preset == {"odd": Preset("odd", sampling=Sampling(seed=5), tools=())}


def test_a_preset_that_is_none_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, 'preset = { good = { seed = 1 }, bad = 3, "a b" = {}, none = {} }')
    assert set(loaded.settings.preset) == {"good"}
    assert len(loaded.problems) == 3


def test_each_field_has_a_line_among_the_settings(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, '[preset.short]\nmodel = "m"\ntemperature = 0.2\n')
    row = next(row for row in describe(loaded, Connection("http://x", None, "", is_demo=False)) if row.key == "preset")
    assert row.lines == (("preset.short.model", "m"), ("preset.short.temperature", "0.2"))


def test_the_nearest_preset_is_named_where_there_is_none_of_a_name() -> None:
    presets = {"short": Preset("short"), "long": Preset("long")}
    assert find_preset(presets, "long").name == "long"
    with pytest.raises(SettingsError) as refused:
        find_preset(presets, "shrt")
    assert refused.value.failure.advice == "Did you mean short?"
    with pytest.raises(SettingsError) as refused:
        find_preset({}, "x")
    assert "[preset." in refused.value.failure.advice


def test_what_is_said_of_calls_stands_in_a_preset_as_a_parameter_of_its_own() -> None:
    presets = read_presets({"quiet": {"tool_choice": "none", "parallel_tool_calls": False}})
    assert presets is not None
    assert presets["quiet"].fields == {"tool_choice": "none", "parallel_tool_calls": "false"}
    (fault,) = judge_preset("wrong", {"tool_choice": "two words"})
    assert "auto, none, required" in fault.message

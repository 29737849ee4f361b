"""Preferences among a gateway's upstream providers: one by one by name, checked, merged and shown as they are typed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.settings.test_parameters import read
from tui_chat.core.errors import SettingsError
from tui_chat.core.request import Sampling
from tui_chat.settings.load import load_settings
from tui_chat.settings.parameters import given_in, meant_instead, with_parameter
from tui_chat.settings.presets import Preset
from tui_chat.settings.sampling import sampling_of
from tui_chat.settings.save import save_setting
from tui_chat.settings.typed import shown_setting, typed_setting


def provider(text: str) -> Sampling:
    return Sampling(extra=(("provider", text),))


def test_preferences_are_one_object_of_the_request_and_each_is_shown_by_itself() -> None:
    sampling = read(
        'provider.order=["azure", "deep infra"] provider.only=azure provider.sort=price provider.ignore=["x"]'
    )
    assert sampling == provider('{"order":["azure","deep infra"],"only":["azure"],"sort":"price","ignore":["x"]}')
    assert given_in(sampling) == {
        "provider.order": '["azure","deep infra"]',
        "provider.only": "azure",
        "provider.sort": "price",
        "provider.ignore": "x",
    }


def test_taking_them_away_one_by_one_leaves_nothing() -> None:
    sampling = read("provider.sort=price provider.only=azure seed=1")
    sampling = with_parameter(sampling, "provider.only", "default")
    assert sampling.extra == (("provider", '{"sort":"price"}'),)
    assert with_parameter(sampling, "provider.sort", None) == Sampling(seed=1)
    assert with_parameter(Sampling(), "provider.sort", None) == Sampling()


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("provider.sort=cheap", "provider.sort must be price, throughput or latency."),
        ("provider.order=[]", "provider.order must be a name, or a list of 1 to 32 names."),
        ("provider.only=7", "provider.only must be a name, or a list of 1 to 32 names."),
    ],
)
def test_a_wrong_preference_is_refused_with_what_is_allowed(pair: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace(".", r"\.")):
        read(pair)


def test_a_slip_of_the_keys_is_noticed_and_other_preferences_are_not() -> None:
    assert meant_instead("provider.ordr") == "provider.order"
    assert [meant_instead(name) for name in ("provider.sort", "provider.ignore", "provider.max_price")] == ["", "", ""]


def test_what_is_no_object_stays_a_free_field_and_a_preference_takes_its_place() -> None:
    assert given_in(read("provider=openai")) == {"provider": "openai"}
    assert read("provider=openai provider.sort=price") == provider('{"sort":"price"}')
    assert given_in(read('provider={"a b":1}')) == {"provider": '{"a b":1}'}
    assert given_in(read("provider.=x")) == {"provider.": "x"}


def test_of_two_layers_each_preference_counts_by_itself() -> None:
    own, preset = read("provider.sort=latency"), read("provider.sort=price provider.only=azure top_k=4")
    assert given_in(own.over(preset)) == {"provider.sort": "latency", "provider.only": "azure", "top_k": "4"}
    assert given_in(read("provider=openai").over(preset))["provider"] == "openai"


@given(
    st.dictionaries(st.sampled_from(["order", "only", "ignore"]), st.lists(st.text(min_size=1), min_size=1, max_size=4))
)
def test_what_is_shown_can_be_typed_again(preferences: dict[str, list[str]]) -> None:
    sampling = read(f"provider={json.dumps(preferences)}")
    typed = " ".join(f"{name}={value}" for name, value in given_in(sampling).items())
    again = read(typed)
    assert given_in(again) == given_in(sampling)


def test_the_settings_have_a_table_of_them(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[provider]\norder = ["azure", "groq"]\nsort = "price"\nonly = 7\nordr = "x"\n')
    loaded = load_settings(file, {})
    assert [(problem.line, problem.key, problem.message) for problem in loaded.problems] == [
        (4, "provider.only", "must be a name, or a list of 1 to 32 names"),
        (5, "provider.ordr", "unknown; did you mean order?"),
    ]
    assert sampling_of(loaded.settings) == provider('{"order":["azure","groq"],"sort":"price"}')


def test_the_table_is_typed_in_a_line_and_kept(tmp_path: Path) -> None:
    value = typed_setting("provider", "order = azure, groq; sort = price")
    assert value == {"order": ("azure", "groq"), "sort": ("price",)}
    assert shown_setting("provider", value) == "order = azure, groq; sort = price"
    file = tmp_path / "config.toml"
    save_setting(file, "provider", value)
    assert load_settings(file, {}).settings.provider == value
    for wrong in ("sort = cheap", "order", "where = here"):
        with pytest.raises(SettingsError):
            typed_setting("provider", wrong)


def test_a_preset_has_them_as_fields_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[preset.cheap]\nprovider.sort = "price"\nprovider.only = ["a"]\n[preset.odd.provider]\nsort = "x"\n'
    )
    loaded = load_settings(file, {})
    assert loaded.settings.preset["cheap"] == Preset("cheap", sampling=provider('{"sort":"price","only":["a"]}'))
    assert [str(problem).partition(": ")[2] for problem in loaded.problems] == [
        "preset.odd.provider.sort: must be price, throughput or latency"
    ]

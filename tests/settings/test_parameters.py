"""Reading and checking parameters as people type them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_chat.core.errors import SettingsError
from tui_chat.core.request import Sampling
from tui_chat.settings.model import SETTINGS
from tui_chat.settings.parameters import (
    OURS,
    PARAMETERS,
    given_in,
    meant_instead,
    shown_value,
    typed_pairs,
    typed_value,
    with_parameter,
)


def read(text: str) -> Sampling:
    sampling = Sampling()
    for name, value in typed_pairs(text):
        sampling = with_parameter(sampling, name, value)
    return sampling


def test_values_are_json_where_they_are_json_and_else_words() -> None:
    sampling = read('temperature=0.2 seed=7 stop=END reasoning_effort=high response_format={"type": "json_object"} x=')
    assert sampling == Sampling(
        temperature=0.2,
        seed=7,
        stop=("END",),
        reasoning_effort="high",
        extra=(("response_format", '{"type":"json_object"}'),),
    )
    assert read('stop=["a b", "c"] max_tokens=5').stop == ("a b", "c")


def test_nothing_and_default_take_a_parameter_away() -> None:
    assert read("temperature=1 temperature= top_k=3 top_k=default") == Sampling()
    assert read("temperature=1 temperature=null") == Sampling()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("temperature=3", "temperature must be a number from 0 to 2."),
        ("temperature=true", "temperature must be"),
        ("temperature=NaN", "temperature must be"),
        ("top_p=-0.1", "a number from 0 to 1"),
        ("max_tokens=0", "a whole number from 1"),
        ("max_tokens=1.5", "a whole number from 1"),
        ("seed=x", "a whole number"),
        ("stop=[]", "a text, or a list of 1 to 16 texts"),
        ("frequency_penalty=2.5", "a number from -2 to 2"),
        ("reasoning_effort=5", "a word like low or high"),
        ("response_format={", "is not JSON"),
        ("0.3", "0.3 is no NAME=VALUE"),
        ("temperature = 3", "temperature is no NAME=VALUE"),
        ("a/b=3", "cannot be a field's name"),
        ("x=1e999", "must be a value that JSON has"),
        ("x=" + "[" * 100_000, "is not JSON"),
        ('x="' + "a" * 70_000 + '"', "larger than 64 KB"),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(text)
    assert words in refused.value.failure.message


@pytest.mark.parametrize("name", sorted(OURS))
def test_fields_of_ours_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is set by the chat itself"):
        with_parameter(Sampling(), name, 1)


def test_no_more_free_fields_than_anybody_wants() -> None:
    with pytest.raises(SettingsError, match="more than 32"):
        read(" ".join(f"f{number}=1" for number in range(40)))


def test_a_slip_of_the_keys_is_noticed_and_a_known_field_is_none() -> None:
    assert meant_instead("temprature") == "temperature"
    assert [meant_instead(name) for name in ("top_k", "temperature", "provider")] == ["", "", ""]


def test_the_settings_have_the_same_rules() -> None:
    shared = [setting for setting in SETTINGS if setting.key in PARAMETERS]
    assert len(shared) == 5
    assert all(setting.rule is PARAMETERS[setting.key].rule for setting in shared)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(JSON.filter(lambda value: value is not None))
def test_what_is_shown_can_be_typed_again(value: object) -> None:
    sampling = with_parameter(Sampling(), "field", value)
    shown = given_in(sampling)["field"]
    assert with_parameter(Sampling(), "field", typed_value("field", shown)) == sampling
    assert read(f"field={shown} seed=1").extra == sampling.extra


@example(["default"])
@given(st.lists(st.text(min_size=1), min_size=1, max_size=16))
def test_a_list_of_stops_can_be_typed_again(stops: list[str]) -> None:
    sampling = with_parameter(Sampling(), "stop", stops)
    assert read(f"stop={given_in(sampling)['stop']}") == sampling


@given(st.text())
def test_reading_ends_in_values_or_in_words(text: str) -> None:
    try:
        list(typed_pairs(text))
        typed_value("x", text)
    except SettingsError:
        pass


def test_numbers_are_shown_as_people_write_them() -> None:
    assert [shown_value(value) for value in (1.0, 0.1, 1234567.5, 40)] == ["1", "0.1", "1234567.5", "40"]

"""Words of commands and addresses of services, filled with what a model wrote."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.argv_template import check_argv, fill_argv
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.placeholders import TemplateError, read_template
from tui_chat.core.url_template import check_url, fill_url

_PROPERTIES: JsonObject = {"a": {}, "b": {}, "odd name": {}}


@pytest.mark.parametrize(
    ("argv", "arguments", "words"),
    [
        (("du", "-sh", "--", "{a}"), {"a": "/srv"}, ("du", "-sh", "--", "/srv")),
        (("x", "--to={a}"), {"a": "me"}, ("x", "--to=me")),
        (("x", "{a}-{b}"), {"a": "1", "b": "2"}, ("x", "1-2")),
        (("x", "{a}"), {"a": 5}, ("x", "5")),
        (("x", "{a}"), {"a": [1, {"k": "é"}]}, ("x", '[1, {"k": "é"}]')),
        (("x", "{a}", "{b}"), {"a": True, "b": None}, ("x", "true", "null")),
        (("x", "--a={a}", "y"), {}, ("x", "y")),
        (("x", "{a}{b}"), {"a": "1"}, ("x",)),
        (("x", "{{a}", "{{", "}", "}}"), {"a": "1"}, ("x", "{a}", "{", "}", "}}")),
        (("x", "{{{a}}"), {"a": "1"}, ("x", "{1}")),
        (("x", "{a}"), {"a": ""}, ("x", "")),
        (("x", "{a}"), {"a": "{b}"}, ("x", "{b}")),
        (("x", "--", "{a}"), {"a": "-rf"}, ("x", "--", "-rf")),
        (("x", "-{a}"), {"a": "v"}, ("x", "-v")),
        (("x", "{odd name}"), {"odd name": "y"}, ("x", "y")),
    ],
)
def test_a_command_is_filled(argv: tuple[str, ...], arguments: JsonObject, words: tuple[str, ...]) -> None:
    check_argv(argv, _PROPERTIES)
    assert fill_argv(argv, arguments) == words


@pytest.mark.parametrize("value", ["-rf", "--force", "-", -5])
@pytest.mark.parametrize("template", ["{a}", "{a}x", "{b}{a}"])
def test_a_value_that_would_be_an_option_is_refused(template: str, value: str | int) -> None:
    with pytest.raises(TemplateError, match="taken for an option"):
        fill_argv(("x", template, "--"), {"a": value, "b": ""})


@pytest.mark.parametrize("value", ["a\0b", "\ud800", ["\0"]])
def test_what_no_program_can_be_given_is_refused(value: str | list[str]) -> None:
    held: JsonObject = {"a": value if isinstance(value, str) else [*value]}
    if isinstance(value, list):  # JSON escapes it
        assert fill_argv(("x", "{a}"), held) == ("x", '["\\u0000"]')
        return
    with pytest.raises(TemplateError):
        fill_argv(("x", "--", "{a}"), held)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "names no program"),
        (("",), "names no program"),
        (("{a}",), "program itself"),
        (("x{a}",), "program itself"),
        (("x", "{c}"), "{c} is no property"),
        (("x", "{a"), "not closed"),
        (("x", "{}"), "names no argument"),
        (("x", "a\0"), "NUL"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(argv: tuple[str, ...], words: str) -> None:
    with pytest.raises(TemplateError) as refused:
        check_argv(argv, _PROPERTIES)
    assert words in str(refused.value)


@given(st.text())
def test_a_template_without_places_stays_as_it_is_but_for_double_braces(text: str) -> None:
    assert "".join(map(str, read_template(text.replace("{", "{{")))) == text


@given(st.lists(st.text().filter(lambda text: "\0" not in text), max_size=4))
def test_an_argument_is_never_more_than_one_word(values: list[str]) -> None:
    arguments: JsonObject = {str(number): value for number, value in enumerate(values)}
    argv = ("x", "--", *(f"{{{number}}}" for number in range(len(values))))
    try:
        assert fill_argv(argv, arguments)[2:] == tuple(values)
    except TemplateError:
        assert any("\ud800" <= char <= "\udfff" for value in values for char in value)


_URL = "https://api.example.com:8443/v1/{a}/x?q={b}&fixed=1"


@given(st.text(), st.text())
def test_no_argument_changes_the_host_or_the_shape_of_an_address(a: str, b: str) -> None:
    check_url(_URL, _PROPERTIES)
    try:
        url = fill_url(_URL, {"a": a, "b": b})
    except TemplateError:
        assert a in (".", "..") or not (a + b).isprintable()
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.example.com:8443", "")
    assert parts.path.count("/") == 3
    assert parts.query.count("&") == 1


def test_a_pair_of_the_query_without_its_argument_is_left_out() -> None:
    assert fill_url(_URL, {"a": "x y"}) == "https://api.example.com:8443/v1/x%20y/x?fixed=1"
    assert fill_url("http://h/?q={b}", {}) == "http://h/"


@pytest.mark.parametrize("value", [".", ".."])
def test_an_argument_cannot_climb_out_of_its_folder(value: str) -> None:
    with pytest.raises(TemplateError):
        fill_url("http://h/files/{a}", {"a": value})
    with pytest.raises(TemplateError):
        fill_url("http://h/files/.{a}/x", {"a": "."})


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://h/", "h/x", "", "https://", "http://{a}/", "http://h:{a}/", "http://h{a}", "http://u:p@h/", "//h/x"),
        *("http://h/{c}", "http://h/{a", "http://h/a b", "http://h/\n", "http://h\\@x/", "http://[::1/", "file:///x"),
        *("http://h/a/../b", "http://h:x/"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(TemplateError):
        check_url(url, _PROPERTIES)

"""Addresses that a model names: what is asked is what is shown, and nothing else is taken."""

import pytest

from tui_chat.core.placeholders import TemplateError
from tui_chat.core.web_address import LONGEST, web_address


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("https://example.com", "https://example.com/"),
        (" https://Example.COM:8443/a?b=c#part ", "https://example.com:8443/a?b=c"),
        ("http://müller.example/straße?q=grün", "http://xn--mller-kva.example/stra%C3%9Fe?q=gr%C3%BCn"),
        ("https://example.com/a%20b c", "https://example.com/a%20b%20c"),
        ("https://example.com/a/./b/../c/..", "https://example.com/a/"),
        ("https://example.com/../..//x", "https://example.com//x"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_an_address_is_made_whole(text: str, asked: str) -> None:
    assert web_address(text) == asked
    assert web_address(asked) == asked


@pytest.mark.parametrize(
    "text",
    [
        "", "example.com", "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "http://", "http:///x",
        "https://user@example.com/", "https://user:pass@example.com/", "https://@example.com/",
        "http://good.example\\@evil.example/", "http://example.com/\x00", "http://exa\nmple.com/", "http://a b/",
        "http://example.com:0/", "http://example.com:99999/", "http://[fe80::1%eth0]/", "http://exam%70le.com/",
        "http://ex\u202eample.com/", "https://example.com/" + "x" * LONGEST,
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        web_address(text)

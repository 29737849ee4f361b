"""Base URLs as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.errors import SettingsError
from tui_chat.settings.base_url import is_loopback, is_same_origin, mend_base_url, shown_base_url


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.solrouter.io/ai", "https://api.solrouter.io/ai"),
        ("  https://api.solrouter.io/ai/  \n", "https://api.solrouter.io/ai"),
        ("api.solrouter.io/ai", "https://api.solrouter.io/ai"),
        ("HTTPS://API.Solrouter.IO:443/ai", "https://api.solrouter.io/ai"),
        ("https://api.solrouter.io/ai/chat/completions", "https://api.solrouter.io/ai"),
        ("https://api.solrouter.io/ai/models/", "https://api.solrouter.io/ai"),
        ("https://x.test/v1/v1", "https://x.test/v1"),
        ("https://x.test/v1//v1/chat/completions?a=1#top", "https://x.test/v1?a=1"),
        ("x.test/openai/?api-version=2024-10-21", "https://x.test/openai?api-version=2024-10-21"),
        ("https://x.test/v1?", "https://x.test/v1"),
        ("https://x.test/v1?to=https://y.test", "https://x.test/v1?to=https://y.test"),
        ("https://x.test//v1", "https://x.test/v1"),
        ("https:/x.test/v1", "https://x.test/v1"),
        ("https://https://x.test/v1", "https://x.test/v1"),
        ('"https://x.test/v1"', "https://x.test/v1"),
        ("localhost:11434/v1", "http://localhost:11434/v1"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("192.168.1.9:1234/v1", "http://192.168.1.9:1234/v1"),
        ("[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("nas.local:8000", "http://nas.local:8000"),
        ("8.8.8.8", "https://8.8.8.8"),
        ("http://x.test:80/v1", "http://x.test/v1"),
        ("http://x.test:8080/v1beta/openai/", "http://x.test:8080/v1beta/openai"),
        ("münchen.test/v1", "https://xn--mnchen-3ya.test/v1"),
    ],
)
def test_what_was_meant_is_understood(pasted: str, meant: str) -> None:
    assert mend_base_url(pasted) == meant
    assert mend_base_url(meant) == meant


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "   ",
        "https://",
        "ftp://x.test",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://x.test:99999",
        "https://x.test:port",
        "https://a b.test",
        "https://x.test/\x1b[31m",
        "https://x.test/\u202egpj",
        "https://-x.test",
        "https://999.1.1.1",
        "https://[::1",
        "https://me:secret@x.test",
        "sr_0123456789abcdef",
        "https://" + "a" * 300 + ".test",
        "https://xn--\ud800.test",
    ],
)
def test_nonsense_is_refused_in_words_that_do_not_repeat_it(nonsense: str) -> None:
    with pytest.raises(SettingsError) as refused:
        mend_base_url(nonsense)

    failure = refused.value.failure
    assert failure.advice
    assert "secret" not in failure.message
    assert "0123456789" not in failure.message
    assert failure.message.isprintable()


@given(
    st.text(max_size=60) | st.from_regex(r"(https?:/{0,3})?[a-z0-9.:\[\]@%-]{0,20}(/[a-z0-9/.?#-]*)?", fullmatch=True)
)
def test_any_text_is_mended_once_and_for_all_or_refused(text: str) -> None:
    try:
        mended = mend_base_url(text)
    except SettingsError:
        return
    assert mend_base_url(mended) == mended
    assert mended.startswith(("http://", "https://"))
    assert mended.isascii() or "/" in mended[8:]


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ("https://api.solrouter.io/other", True),
        ("https://api.solrouter.io:443/ai", True),
        ("https://API.solrouter.io./ai", True),
        ("http://api.solrouter.io/ai", False),
        ("https://api.solrouter.io:8443/ai", False),
        ("https://api.solrouter.io.evil.test/ai", False),
        ("https://evil.test/api.solrouter.io/ai", False),
        ("nonsense://", False),
    ],
)
def test_a_key_is_bound_to_scheme_host_and_port(other: str, is_same: bool) -> None:
    assert is_same_origin("https://api.solrouter.io/ai", other) is is_same


@pytest.mark.parametrize(
    ("base_url", "claim"),
    [
        ("http://localhost:1", True),
        ("http://127.8.0.1", True),
        ("http://[::1]", True),
        ("http://localhost.evil.test", False),
        ("http://192.168.0.1", False),
        ("", False),
    ],
)
def test_loopback_is_told_by_the_name_alone(base_url: str, claim: bool) -> None:
    assert is_loopback(base_url) is claim


@pytest.mark.parametrize(
    ("base_url", "shown"),
    [
        ("https://x.test/v1?api-key=hush", "https://x.test/v1?…"),
        ("https://me:hush@x.test/v1", "https://…@x.test/v1"),
        ("https://x.test/v1", "https://x.test/v1"),
    ],
)
def test_what_may_hold_a_key_is_not_shown(base_url: str, shown: str) -> None:
    assert shown_base_url(base_url) == shown


def test_an_address_as_it_is_shown_is_not_sent() -> None:
    with pytest.raises(SettingsError):
        mend_base_url("https://x.test/v1?…")

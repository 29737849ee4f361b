"""The proxy of the environment, and what goes past it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.client.proxies import proxy_for

PROXY = "http://proxy.test:3128"
GATEWAY = "https://gateway.test/ai"


@pytest.mark.parametrize(
    ("url", "variables", "expected"),
    [
        (GATEWAY, {"https": PROXY}, PROXY),
        (GATEWAY, {"https": "proxy.test:3128"}, PROXY),
        (GATEWAY, {"http": PROXY}, None),
        (GATEWAY, {"all": PROXY}, PROXY),
        (GATEWAY, {"all": "", "https": ""}, None),
        (GATEWAY, {}, None),
    ],
)
def test_the_scheme_decides_which_proxy_counts(url: str, variables: dict[str, str], expected: str | None) -> None:
    assert proxy_for(url, variables) == expected


@pytest.mark.parametrize(
    "odd",
    [
        "localhost,127.0.0.1,::1,[::1]", "localhost\n192.168.1.1", "localhost, , ,*.internal", "192.168.0.0/24",
        "fe80::/10,[fe80::1]:80", "http://", "[", "[::1", "*bad*", ",,;", "\x00", "10.0.0.0/99", ":80", "%",
    ],
)  # fmt: skip
def test_an_entry_that_does_not_name_the_gateway_leaves_the_proxy(odd: str) -> None:
    assert proxy_for(GATEWAY, {"https": PROXY, "no": odd}) == PROXY


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        (GATEWAY, "*"), (GATEWAY, "gateway.test"), (GATEWAY, ".test"), (GATEWAY, "*.test"), (GATEWAY, "test"),
        (GATEWAY, "a.example\ngateway.test"), (GATEWAY, "a.example gateway.test"), (GATEWAY, "GATEWAY.test:443"),
        (GATEWAY, "https://gateway.test/"), ("http://192.168.0.7:8080/v1", "192.168.0.0/24"),
        ("http://192.168.0.7:8080/v1", "192.168.0.7:8080"), ("http://[fd00::7]:8080/v1", "[fd00::7]"),
        ("http://[fd00::7]:8080/v1", "fd00::/8"), ("http://[fd00::7]:8080/v1", "[fd00::7]:8080"),
    ],
)  # fmt: skip
def test_an_entry_that_names_the_gateway_goes_past_the_proxy(url: str, entry: str) -> None:
    assert proxy_for(url, {"all": PROXY, "no": f"x.example,{entry}"}) is None


@pytest.mark.parametrize("entry", ["gateway.test:8443", "way.test", "gateway.test.example", "sub.gateway.test"])
def test_an_entry_for_another_host_or_port_leaves_the_proxy(entry: str) -> None:
    assert proxy_for(GATEWAY, {"all": PROXY, "no": entry}) == PROXY


@given(st.text(max_size=60))
def test_no_entry_makes_it_fail(text: str) -> None:
    assert proxy_for(GATEWAY, {"all": PROXY, "no": text}) in (PROXY, None)

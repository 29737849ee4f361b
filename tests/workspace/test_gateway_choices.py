"""The gateways that can be chosen, and what becomes of an address that is written."""

import pytest

from tui_chat.settings.model import DEFAULT_BASE_URL
from tui_chat.workspace.gateway_choices import LOCAL, OTHER, GatewayChoices

NAMED = {"work": "https://w.test/v1", "home": "http://127.0.0.1:1/v1"}


@pytest.mark.parametrize(
    ("address", "name", "chosen", "shown"),
    [
        ("", "", "SolRouter", DEFAULT_BASE_URL),
        (DEFAULT_BASE_URL, "", "SolRouter", DEFAULT_BASE_URL),
        ("https://x.test", "", OTHER, "https://x.test"),
        ("https://w.test/v1", "work", "work", "https://w.test/v1"),
        ("https://gone.test", "gone", OTHER, "https://gone.test"),
    ],
)
def test_what_is_in_use_is_chosen_first(address: str, name: str, chosen: str, shown: str) -> None:
    choices = GatewayChoices(NAMED, address, name)
    assert choices.names == ("SolRouter", LOCAL, OTHER, "work", "home")
    assert (choices.names[choices.chosen], choices.address) == (chosen, shown)


def test_writing_over_a_fixed_address_means_another_one_and_keeps_each(tmp_path: object) -> None:
    choices = GatewayChoices(NAMED, "", "")
    choices.choose(3)
    assert choices.name == "work"
    choices.write("https://w.test/v2")
    assert (choices.name, choices.names[choices.chosen]) == ("", OTHER)
    choices.choose(3)
    assert choices.address == "https://w.test/v1"
    choices.choose(2)
    assert choices.address == "https://w.test/v2"


def test_the_address_of_a_local_server_may_be_written() -> None:
    choices = GatewayChoices({}, "", "")
    choices.choose(1)
    choices.write("127.0.0.1:9999/v1")
    assert (choices.is_local, choices.full_address) == (True, "http://127.0.0.1:9999/v1")

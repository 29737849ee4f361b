"""The list of gateways that are known by name."""

from tui_chat.settings.base_url import is_loopback, mend_base_url
from tui_chat.settings.known_servers import keys_page_of, known_servers, local_servers
from tui_chat.settings.model import DEFAULT_BASE_URL


def test_the_default_gateway_is_listed_first_with_the_place_of_its_keys() -> None:
    first = known_servers()[0]
    assert (first.name, first.base_url) == ("SolRouter", DEFAULT_BASE_URL)
    assert keys_page_of(DEFAULT_BASE_URL) == "solrouter.io/keys"
    assert keys_page_of("https://other.test") == ""


def test_every_address_is_written_as_it_is_used_and_local_ones_stay_on_this_machine() -> None:
    assert all(mend_base_url(server.base_url) == server.base_url for server in known_servers())
    assert all(is_loopback(server.base_url) for server in local_servers())
    assert {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000, "Jan": 1337}.items() <= {
        server.name: server.port for server in local_servers()
    }.items()


def test_no_two_servers_share_an_address() -> None:
    assert len({server.base_url for server in known_servers()}) == len(known_servers())

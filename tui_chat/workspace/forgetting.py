"""`/connect forget`: removes a key that was kept, for the screen and for plain mode."""

from typing import TYPE_CHECKING, Final

from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.chat.services import Gateway
    from tui_chat.workspace.connecting import Connector

FORGET: Final = "forget"
"""The word after /connect that removes a key; no gateway of this name can be reached by it."""


def forget(connector: "Connector", gateway: "Gateway", address: str = "") -> str:
    """Remove the key that is kept for an address, or for the gateway in use, and say so. The keyring may take a while.

    Raises:
        CommandRefused: it is not known which gateway is meant.
        SettingsError: the key cannot be removed.
    """
    if not address and gateway.is_demo:
        raise CommandRefused("The demo has no key. /connect forget ADDRESS names a gateway.")
    shown = address or shown_base_url(gateway.base_url)
    where = connector.forget_key(connector.gateways.get(address, shown))
    words = sanitize_line(shown, 200)
    if not where:
        return f"No key is kept for {words}."
    is_in_use = gateway.has_key and shown == shown_base_url(gateway.base_url)
    lasts = " This chat has it until you quit or connect again." if is_in_use else ""
    return f"The key for {words} is forgotten; it was kept {sanitize_line(where, 400)}.{lasts}"

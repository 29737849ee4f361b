"""`/connect` in lines: one thing after another is asked, the gateway answers, and then it is said what was found."""

from typing import TYPE_CHECKING, Final

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.prompts import CommandTyped
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.settings.model import DEFAULT_BASE_URL
from tui_chat.workspace.connecting import (
    Connector,
    Tried,
    Wanted,
    found_words,
    host_of,
    none_found_words,
    try_gateway,
)
from tui_chat.workspace.forgetting import FORGET, forget

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

LOCAL: Final = "local"
_PLACES: Final = {"k": KeyPlace.KEYRING, "keyring": KeyPlace.KEYRING} | dict.fromkeys(
    ("f", "file", "y", "yes"), KeyPlace.FILE
)


async def connect(chat: "Chat", name: str) -> None:
    """Connect to another gateway, one of the settings where it is named; the conversation stays open. Or forget a
    key."""
    connector = chat.context.connector
    if connector is None:
        chat.say("Connecting is not possible here.")
        return
    word, _, address = name.partition(" ")
    try:
        if word == FORGET:
            chat.say(forget(connector, chat.services.gateway, address.strip()))
        elif name:
            await chat.use(connector.connect_named(name))
        elif (wanted := await _ask_what(chat, connector)) is not None:
            await _connect_to(chat, connector, wanted)
    except ChatError as error:
        chat.tell(error.failure)


async def _ask_what(chat: "Chat", connector: Connector) -> Wanted | None:
    """Ask for address and key; None where nothing was chosen."""
    gateway = chat.services.gateway
    in_use = DEFAULT_BASE_URL if gateway.is_demo else sanitize_line(shown_base_url(gateway.base_url), 1_000)
    usual = chat.tried_address or in_use
    others = f"{LOCAL} for a server on this machine, {''.join(f'{name}, ' for name in connector.gateways)}"
    address = chat.ask_line(f"Address of the gateway, {others}or nothing for {shown_base_url(usual)}: ").strip()
    name = address if address in connector.gateways else ""
    if address.lower() == LOCAL and not name:
        found = await chat.run(connector.find_servers())
        if not found:
            if found is not None:
                chat.say(none_found_words())
            return None
        server = chat.choose(found, found_words)
        if server is None:
            return None
        address = server.base_url
    address = connector.gateways[name] if name else address or usual
    known = "its own" if name else connector.known_key(address)
    key = chat.lines.read_secret(_key_prompt(known or "none"))
    return Wanted(address, key, name)


def _key_prompt(otherwise: str) -> str:
    """Begins with the word by which an Emacs shell knows that it must hide what is typed."""
    return f"Password (the API key; it is not shown; nothing for {sanitize_line(otherwise, 100)}): "


async def _connect_to(chat: "Chat", connector: Connector, wanted: Wanted) -> None:
    chat.tried_address = wanted.base_url
    chat.say(f"Asking {sanitize_line(host_of(wanted.base_url), 100)}.")
    tried = await chat.run(try_gateway(connector, wanted))
    if tried is None:
        return
    is_used = False
    try:
        if not _goes_on(chat, tried):
            return
        base_url = tried.services.gateway.base_url
        is_kept = not wanted.key.strip() or _keep_key(chat, connector, base_url, wanted.key)
        is_used = True
        await chat.use(tried.services)
        chat.tried_address = ""
    finally:
        if not is_used:
            await tried.services.completer.close()
    if not is_kept or wanted.name:
        return  # without its key a name would lead nowhere next time
    try:
        name = chat.ask_line("A name for this address, for /connect NAME, or nothing: ").strip()
    except CommandTyped:
        chat.say("The address has no name.")
        return
    if name:
        chat.say(f"/connect {connector.save_gateway(name, base_url)} goes there from now on.")


def _goes_on(chat: "Chat", tried: Tried) -> bool:
    """Say what was found. After a failure that is no obstacle, the person decides."""
    failure = tried.failure
    if failure is None:
        chat.say(tried.found)
        return True
    chat.say(sanitize_line(f"{failure.message} {failure.advice}", 1_000))
    if tried.may_work and chat.confirm("Go on without the list?"):
        return True
    chat.say("Not connected. /connect tries again.")
    return False


def _keep_key(chat: "Chat", connector: Connector, base_url: str, key: str) -> bool:
    """Ask where the key is to be kept; where that cannot be, it is said, and the key counts for this run. False where
    it goes with this run."""
    answer = chat.ask_line("Keep the key? k in the keyring, f in a private file, nothing for this run alone: ")
    place = _PLACES.get(answer.strip().lower(), KeyPlace.RUN)
    try:
        connector.keep_key(base_url, key, place)
    except ChatError as error:
        chat.tell(error.failure)
        connector.keep_key(base_url, key, KeyPlace.RUN)
        place = KeyPlace.RUN
    if place is not KeyPlace.RUN:
        chat.say(f"The key is kept {place}.")
    return place is not KeyPlace.RUN

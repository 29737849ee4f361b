"""Keys in the system's keyring: the one door to the package `keyring`, an extra that is imported when it is used.

An entry is named by scheme, host and port of the base URL, so that no other gateway finds it. A keyring may ask the
person, or hang: it is given two seconds. One that keeps plain text is refused, a private file being no worse.
"""

import queue
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Final, Protocol, TypeVar, cast

from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import origin_of
from tui_chat.settings.secret_key import SecretKey, check_key

Result = TypeVar("Result")

SERVICE: Final = "tui-chat"
LIMIT_S: Final = 2.0
_UNSAFE: Final = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")
"""Modules of back ends that keep plain text, ask on the terminal, or keep nothing."""
_CHAIN: Final = "keyring.backends.chainer"
_OTHERWISE: Final = "Keep the key in a private file, or for this run."


class Backend(Protocol):
    """A back end of `keyring`, as far as it is used."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def entry_of(base_url: str) -> str:
    """The name of a gateway's entry: `https://api.solrouter.io:443`."""
    scheme, host, port = origin_of(base_url)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def save_in_keyring(base_url: str, key: SecretKey, *, limit_s: float = LIMIT_S) -> None:
    """Keep a key in the keyring.

    Raises:
        SettingsError: there is none that can be used, or it does not take the key.
    """
    entry = entry_of(base_url)
    _ask("take the key", lambda backend: backend.set_password(SERVICE, entry, key.reveal()), limit_s)


def read_from_keyring(base_url: str, *, limit_s: float = LIMIT_S) -> SecretKey:
    """The key of a gateway.

    Raises:
        SettingsError: there is none, or the keyring cannot be used.
    """
    entry = entry_of(base_url)
    found = _ask("give the key", lambda backend: backend.get_password(SERVICE, entry), limit_s)
    if (key := check_key(found or "")) is None:
        raise SettingsError(f"The keyring has no key for {entry}.", "Enter it again with /connect.")
    return key


def delete_from_keyring(base_url: str, *, limit_s: float = LIMIT_S) -> None:
    """Remove the key of a gateway; nothing happens where there is none.

    Raises:
        SettingsError: the keyring cannot be used.
    """
    entry = entry_of(base_url)

    def delete(backend: Backend) -> None:
        if backend.get_password(SERVICE, entry) is not None:
            backend.delete_password(SERVICE, entry)

    _ask("remove the key", delete, limit_s)


def _ask(deed: str, ask: Callable[[Backend], Result], limit_s: float) -> Result:
    """Let the keyring do something, in a thread that nobody waits for any longer than that.

    Raises:
        SettingsError: it cannot.
    """
    answers: queue.SimpleQueue[Result | SettingsError] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask(_backend()))
        except SettingsError as refused:
            answers.put(refused)
        except Exception as error:  # noqa: BLE001 - each back end has errors of its own, and their words may hold the key
            name = type(error).__name__
            answers.put(SettingsError(f"The keyring would not {deed} ({sanitize_line(name, 60)}).", _OTHERWISE))

    threading.Thread(target=work, name="keyring", daemon=True).start()
    try:
        answer = answers.get(timeout=limit_s)
    except queue.Empty:
        words = f"The keyring did not {deed} within {limit_s:g} s: it may be locked, or ask in a window."
        raise SettingsError(words, f"Unlock it and try again. {_OTHERWISE}") from None
    if isinstance(answer, SettingsError):
        raise answer
    return answer


def _backend() -> Backend:
    try:
        keyring = import_module("keyring")
    except ImportError:
        raise SettingsError(
            "The keyring needs a package that is not installed.", f"pip install 'tui-chat[keyring]'. {_OTHERWISE}"
        ) from None
    chosen = keyring.get_keyring()
    chain = getattr(chosen, "backends", ()) if _is_of(chosen, _CHAIN) else (chosen,)
    for backend in chain:
        if not any(_is_of(backend, module) for module in _UNSAFE):
            return cast(Backend, backend)
    if any(_is_of(backend, "keyrings.alt") for backend in chain):
        name = sanitize_line(next(type(backend).__name__ for backend in chain if _is_of(backend, "keyrings.alt")), 60)
        raise SettingsError(f"The keyring of this system is not a safe one ({name}): it is not used.", _OTHERWISE)
    raise SettingsError("This system has no keyring.", _OTHERWISE)


def _is_of(backend: object, module: str) -> bool:
    return f"{type(backend).__module__}.".startswith(f"{module}.")

"""Packages `keyring` for tests, put in place of the real one: what back ends do is up to the test."""

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from tui_chat.settings.secret_key import SecretKey

Save = Callable[[Path, str, SecretKey], None]
"""A function that keeps a key for a base URL."""


class Held:
    """A back end that keeps passwords in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class Refusing(Held):
    """A back end that quotes the password in its errors."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password}")


class Hanging(Held):
    """A back end that waits for somebody to unlock it, until the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.unlocked = Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.unlocked.wait()


def of_module(backend: Held, module: str, name: str = "Keyring") -> Held:
    """The back end as if its class came from a module."""
    backend.__class__ = type(name, (type(backend),), {"__module__": module})
    return backend


def chain_of(*backends: Held) -> object:
    """Back ends in a row, as `keyring` puts them together by itself."""
    return type("ChainerBackend", (), {"__module__": "keyring.backends.chainer", "backends": list(backends)})()


def install(monkeypatch: pytest.MonkeyPatch, backend: object) -> None:
    """Let `import keyring` find this back end."""
    package = ModuleType("keyring")
    package.__dict__["get_keyring"] = lambda: backend
    monkeypatch.setitem(sys.modules, "keyring", package)

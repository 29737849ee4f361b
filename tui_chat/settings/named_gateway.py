"""A gateway with a name of its own, as the settings declare it, and the headers that it is sent."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tui_chat.settings.secret_key import SecretKey

BEARER: Final = "bearer"
"""The key goes into `Authorization`, behind the word Bearer."""
NO_KEY: Final = "none"
AUTHORIZATION: Final = "Authorization"


class FromVariable(msgspec.Struct, frozen=True):
    """A value that a variable of the environment holds."""

    variable: str

    def __str__(self) -> str:
        return f"from ${self.variable}"


class FromCommand(msgspec.Struct, frozen=True):
    """A value that a command prints. Its arguments may be secrets, so only the program is shown."""

    argv: tuple[str, ...]

    def __repr__(self) -> str:
        return f"FromCommand({self.argv[0]!r})"

    def __str__(self) -> str:
        return f"from the command {self.argv[0]}"


class FromKeyring(msgspec.Struct, frozen=True):
    """A key that the system's keyring holds for a base URL."""

    base_url: str

    def __repr__(self) -> str:
        return "FromKeyring()"

    def __str__(self) -> str:
        return "from the keyring"


HeaderSource = SecretKey | FromVariable | FromCommand | FromKeyring
KeySource = SecretKey | FromKeyring
"""Where a key is that somebody entered, as against one that the settings declare."""


class SentHeader(msgspec.Struct, frozen=True):
    """A header of every request to a gateway."""

    name: str
    source: HeaderSource
    prefix: str = ""
    """What stands before the value: `Bearer `."""
    declared_as: str = ""
    """Where the settings declare it: `key_command of [gateway.work]`; empty for a key that is given otherwise."""
    parts: tuple[SecretKey, ...] = ()
    """What the value was made of: as secret as the value itself."""


class NamedGateway(msgspec.Struct, frozen=True):
    """One `[gateway.NAME]`."""

    name: str
    base_url: str
    """Normalised, with its query and without the user part."""
    login: SecretKey | None = None
    """User and password of the base URL, with a colon between them; None where it has none."""
    model: str = ""
    """Empty: as for any other gateway."""
    headers: tuple[tuple[str, HeaderSource], ...] = ()
    auth: str = BEARER
    """`bearer`, `none`, or the name of the header that carries the key."""
    key_command: FromCommand | None = None
    thinking_tags: tuple[tuple[str, str], ...] | None = None
    """None: as for any other gateway."""
    send_reasoning: str | None = None
    """None: as for any other gateway."""

    def __repr__(self) -> str:
        return f"NamedGateway({self.name!r})"

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of the environment that hold its secrets."""
        return tuple(source.variable for _, source in self.headers if isinstance(source, FromVariable))

    @property
    def key_header(self) -> str:
        """The header that carries a key; empty where none is sent, or a header of the settings stands in its place."""
        if self.auth == NO_KEY:
            return ""
        name = AUTHORIZATION if self.auth == BEARER else self.auth
        return "" if any(name.lower() == given.lower() for given, _ in self.headers) else name

    def sent_headers(self, key: KeySource | None) -> Iterator[SentHeader]:
        """The headers of a request. `key` is one that was saved or typed for this address; it goes before that of
        `key_command`."""
        place = f"[gateway.{self.name}]"
        for name, source in self.headers:
            yield SentHeader(name, source, declared_as=f"the header {name} of {place}")
        key_header, key_source = self.key_header, key or self.key_command
        if key_header and key_source is not None:
            prefix = "Bearer " if self.auth == BEARER else ""
            yield SentHeader(key_header, key_source, prefix, f"key_command of {place}")
        has_authorization = key_header.lower() == "authorization" and key_source is not None
        has_own = any(name.lower() == "authorization" for name, _ in self.headers)
        if self.login is not None and not (has_authorization or has_own):
            password = SecretKey(self.login.reveal().partition(":")[2])
            basic = SecretKey(_basic(self.login))
            yield SentHeader(AUTHORIZATION, basic, declared_as=f"base_url of {place}", parts=(self.login, password))


def _basic(login: SecretKey) -> str:
    """RFC 7617: the words of basic authentication."""
    import base64  # only where a base URL has a user part

    return f"Basic {base64.b64encode(login.reveal().encode()).decode()}"

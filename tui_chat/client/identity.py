"""Who asks a gateway: the headers that carry a key, or whatever else the gateway knows its people by.

A value may be printed by a command, or stand in the system's keyring. Either is asked when a request is about to go,
once for as long as the program runs; a command once more where the gateway did not accept what it gave.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from tui_chat.client.secret_command import CommandFailed, output_of
from tui_chat.core.errors import ErrorKind, Failure, GatewayError, SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.header_text import check_header_value
from tui_chat.settings.keyring_store import read_from_keyring
from tui_chat.settings.named_gateway import FromCommand, FromKeyring, FromVariable, SentHeader
from tui_chat.settings.secret_key import SecretKey


class Identity:
    """The headers of every request to one gateway. `learned` is called with each secret, as soon as it is known."""

    def __init__(
        self, headers: Sequence[SentHeader], environ: Mapping[str, str], *, learned: Callable[[str], None]
    ) -> None:
        self._headers = headers
        self._environ = environ
        self._learned = learned
        self._given: dict[FromCommand | FromKeyring, str] = {}
        self._running = asyncio.Lock()
        self.generation = 0
        """Grows when what commands gave is forgotten."""
        for header in headers:
            if isinstance(header.source, SecretKey):
                for secret in (header.source, *header.parts):
                    learned(secret.reveal())

    async def headers(self) -> dict[str, str]:
        """The headers by their names.

        Raises:
            GatewayError: a variable is not set, a command failed, or a value cannot stand in a header.
        """
        async with self._running:  # questions that are asked at the same time share one run
            return {header.name: header.prefix + await self._value(header) for header in self._headers}

    def renew(self, generation: int) -> bool:
        """Forget what commands gave, which the gateway did not accept. False where no command gives anything.
        `generation` is that of the headers that were sent: of several requests only the first one renews."""
        if not any(isinstance(header.source, FromCommand) for header in self._headers):
            return False
        if generation == self.generation:
            self.generation += 1
            self._given.clear()
        return True

    async def _value(self, header: SentHeader) -> str:
        match header.source:
            case SecretKey() as secret:
                return secret.reveal()
            case FromVariable(variable):
                value = self._environ.get(variable, "")
                if not value:
                    message = f"The variable {variable} is not set; {header.declared_as} needs it."
                    raise _unknown(message, f"Set {variable} before the program starts.")
                return self._checked(value, f"The variable {variable}", header)
            case FromCommand(argv) as command:
                name = f"The command {sanitize_line(argv[0], 100)}"
                if command not in self._given:
                    try:
                        printed = await output_of(argv, self._environ)
                    except CommandFailed as failed:
                        message = f"{name} {failed}; {header.declared_as} needs it."
                        raise _unknown(message, "Run it in a shell to see what is wrong with it.") from None
                    self._given[command] = self._checked(printed, f"What {name.lower()} printed", header)
                return self._given[command]
            case FromKeyring(base_url) as entry:
                if entry not in self._given:
                    try:
                        key = await asyncio.to_thread(read_from_keyring, base_url)
                    except SettingsError as error:
                        raise _unknown(error.failure.message, error.failure.advice) from None
                    self._given[entry] = self._checked(key.reveal(), "The key in the keyring", header)
                return self._given[entry]

    def _checked(self, value: str, what: str, header: SentHeader) -> str:
        self._learned(value)
        try:
            checked = check_header_value(value)
        except SettingsError as refused:
            message = f"{what} {refused.failure.message}; {header.declared_as} needs it."
            raise _unknown(message, refused.failure.advice) from None
        self._learned(checked)
        return checked


def _unknown(message: str, advice: str) -> GatewayError:
    return GatewayError(Failure(ErrorKind.AUTHENTICATION, message, advice))

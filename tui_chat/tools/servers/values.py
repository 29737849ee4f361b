"""What a server gets of the environment, or of headers: texts, variables, and what commands print."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from tui_chat.core.errors import ChatError
from tui_chat.core.redact import remember
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tool import Printed, ServerValue, Variable
from tui_chat.tools.servers.failed import ServerFailed

SecretPrinter = Callable[[Sequence[str]], Awaitable[str]]
"""Runs a command that prints a secret; raises ChatError with why it cannot be had."""


class Values:
    """Finds values. What a command prints is asked for once while the program runs."""

    def __init__(self, environ: Mapping[str, str], printed: SecretPrinter) -> None:
        self._environ = environ
        self._printer = printed
        self._printed: dict[Printed, str] = {}

    async def found(self, given: tuple[tuple[str, ServerValue], ...]) -> tuple[dict[str, str], list[str]]:
        """The values by their names, and those of them that are secrets.

        Raises:
            ServerFailed: one cannot be had.
        """
        values: dict[str, str] = {}
        secrets: list[str] = []
        for name, value in given:
            match value:
                case Variable(variable):
                    if not (text := self._environ.get(variable, "")):
                        raise ServerFailed(f"the variable {variable} is not set")
                    secrets.append(text)
                case Printed():
                    secrets.append(text := await self._of(value))
                case str() as text:
                    pass
            values[name] = text
        remember(*secrets)
        return values, secrets

    async def _of(self, value: Printed) -> str:
        if value not in self._printed:
            try:
                self._printed[value] = await self._printer(value.argv)
            except ChatError as error:
                raise ServerFailed(sanitize_line(error.failure.message, 300)) from None
        return self._printed[value]

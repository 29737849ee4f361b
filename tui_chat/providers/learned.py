"""What was learned of one gateway by being refused, for as long as the program runs.

What a model wants otherwise holds for every question to it. A field that was refused may have been refused for its
value, so it stays out only of questions that are put with the same settings. Only what helped is kept.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec.structs import replace

from tui_chat.core.request import Request
from tui_chat.providers.quirks import Quirks, known_quirks

_Settings: TypeAlias = tuple[object, ...]


class Learned:
    """The memory of one gateway."""

    def __init__(self) -> None:
        self._quirks: dict[str, Quirks] = {}
        """Of each model, by its id."""
        self._without: dict[_Settings, frozenset[str]] = {}
        """Fields that are refused in questions with these settings."""
        self._why: dict[str, dict[str, str]] = {}
        """Words of the refusals by field, of each model."""
        self._server: dict[str, str] = {}
        """Fields that no model of the gateway takes, and the words of the refusals."""

    def quirks(self, request: Request) -> Quirks:
        """How to put this question."""
        quirks = self._quirks.get(request.model) or known_quirks(request.model)
        refused = self._without.get(_settings(request), frozenset())
        return replace(quirks, without=quirks.without | refused | frozenset(self._server))

    def why(self, model: str) -> dict[str, str]:
        """The words with which fields were refused; none of those that were known beforehand."""
        return {**self._server, **self._why.get(model, {})}

    def learn(self, request: Request, quirks: Quirks, why: Mapping[str, str]) -> None:
        """Keep how this question had to be put, and with which words fields of it were refused."""
        from tui_chat.providers.refusals import OF_THE_MODEL, OF_THE_SERVER  # only after a refusal

        self._quirks[request.model] = replace(quirks, without=quirks.without & OF_THE_MODEL)
        self._without[_settings(request)] = quirks.without - OF_THE_SERVER - OF_THE_MODEL
        self._server.update({name: words for name, words in why.items() if name in OF_THE_SERVER})
        self._why[request.model] = {name: words for name, words in why.items() if name not in OF_THE_SERVER}


def _settings(request: Request) -> _Settings:
    return request.model, request.sampling, request.tool_choice

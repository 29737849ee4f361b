"""A plain chat over scripted services: what is typed is a list, what is said a text."""

import io
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.plain.chat import Chat, Context
from tui_chat.plain.dialogue import converse
from tui_chat.plain.signals import Interrupted, Signals
from tui_chat.plain.speech import Speech
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import load_settings
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import Connection
from tui_chat.workspace.connecting import Connector
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.opening import Opening

CTRL_C = "\x03"
NEVER_S = 3600.0


def answer(*words: str) -> list[Step]:
    """A script that answers with these words and ends well."""
    return [*opening(), *(TextDelta(word) for word in words), Stopped(Outcome.COMPLETE, "stop")]


class ScriptedLines:
    """A person who types these lines, then Ctrl+D."""

    is_terminal = True

    def __init__(self, speech: Speech, typed: Iterable[str]) -> None:
        self._speech = speech
        self._typed = list(typed)
        self._early: list[str] = []
        self._on_input: Callable[[], object] | None = None
        self.while_asked: Callable[[], object] = lambda: None
        """Called whenever a line is waited for."""
        self.prefills: list[str] = []
        self.remembered: list[str] = []

    def read(self, prompt: str, prefill: str = "") -> str:
        self.prefills.append(prefill)
        self.while_asked()
        if not self._typed:
            raise EOFError
        line = self._typed.pop(0)
        if line.endswith(CTRL_C):
            stop = Interrupted()
            stop.text = line.removesuffix(CTRL_C)
            raise stop
        self._speech.say(prompt + line)
        return line

    def read_secret(self, prompt: str) -> str:
        self._speech.say(prompt)
        return self._typed.pop(0)

    def type_early(self, *lines: str) -> None:
        """Type while an answer is being written."""
        self._early += lines
        if self._on_input is not None:
            self._on_input()

    def waiting(self) -> list[str]:
        early, self._early = self._early, []
        return early

    def put_back(self, lines: list[str]) -> None:
        self._typed = [*lines, *self._typed]

    def remember(self, text: str) -> None:
        self.remembered.append(text)

    def watched(self, on_input: Callable[[], object]) -> AbstractContextManager[None]:
        self._on_input = on_input
        return nullcontext()


class PlainChat:
    """A chat and all around it. `scripts` are the answers, `lasts_s` how long a state must last to be said,
    `first_wait_s` how long what could not be saved waits."""

    def __init__(
        self,
        folder: Path,
        *scripts: Iterable[Step],
        typed: Iterable[str] = (),
        services: Services | None = None,
        connector: Connector | None = None,
        lasts_s: float = NEVER_S,
        first_wait_s: float = NEVER_S,
    ) -> None:
        self.out = io.StringIO()
        self.copied: list[str] = []
        self.kept: list[str] = []
        paths = Paths(folder, folder, folder, folder)
        connection = Connection("http://gateway.invalid/ai", None, "", is_demo=False)
        self.context = Context(
            SettingsKeeper(load_settings(paths.config_file, {}), {}, is_temporary=False),
            paths,
            Opening(),
            connection,
            connector,
            lambda prompt, _: self.kept.append(prompt),
            self._copy,
            lasts_s,
            first_wait_s,
        )
        speech = Speech(self.out)
        self.lines = ScriptedLines(speech, typed)
        self.services = services or make_services(ScriptedCompleter(*scripts))
        session = Session.new(self.services)
        self.chat = Chat(
            OpenConversation(session, front_end=FrontEnd.PLAIN), speech, self.lines, Signals(), self.context
        )

    @property
    def said(self) -> str:
        """All that was written."""
        return self.out.getvalue()

    async def converse(self, first: str = "") -> bool:
        """Do what was typed, to the end."""
        return await converse(self.chat, first)

    async def _copy(self, text: str, what: str, may_write_file: bool) -> str:
        del may_write_file
        self.copied.append(text)
        return f"Copied {what}."

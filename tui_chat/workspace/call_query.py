"""Which calls fit what was typed: words in name, arguments and result, and filters that are words too
(`state:failed tool:weather`).

The name of a state alone is that state, and its beginning finds it too; `text:failed` looks for the word. What is wrong
is named and passed over.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from tui_chat.core.nearest import nearest
from tui_chat.core.search_query import split_words
from tui_chat.workspace.call_states import CallState, is_stalled
from tui_chat.workspace.calls import Call

MOST_AT_ONCE: Final = 2_000_000
"""Characters that one look at the calls searches; what is left is searched with the next."""
SHORTEST: Final = 3
"""Letters of the beginning of a state's name that find it, where they stand alone."""
STALLED: Final = "stalled"
STATES: Final[Mapping[str, frozenset[CallState]]] = {
    "writing": frozenset({CallState.ARRIVING}),
    STALLED: frozenset({CallState.ARRIVING}),
    "waiting": frozenset({CallState.WAITING}),
    "running": frozenset({CallState.RUNNING}),
    "answered": frozenset({CallState.ANSWERED}),
    "failed": frozenset({CallState.ANSWERED_AS_ERROR}),
    "denied": frozenset({CallState.DENIED}),
    "unanswered": frozenset({CallState.LEFT}),
    "partial": frozenset({CallState.NOT_TO_BE_ACTED_ON}),
    "checked": frozenset({CallState.CHECKED}),
    "stopped": frozenset({CallState.STOPPED}),
}
"""Names of states, as they are typed."""
_FILTER: Final = re.compile(r"([a-z]+):(.*)", re.IGNORECASE)
_FILTERS: Final = ("state", "tool", "text")
_ESCAPES: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_ESCAPE_CHARACTERS: Final = 12
"""Of one character in JSON, at most."""


class CallQuery(msgspec.Struct, frozen=True):
    """What is looked for; all of it holds together."""

    words: tuple[str, ...] = ()
    """In small letters; each occurs in the name, the arguments or the result, or begins a word for the state."""
    texts: tuple[str, ...] = ()
    """The same, and no word for a state."""
    states: tuple[str, ...] = ()
    """Names of states, one of which is the call's."""
    tools: tuple[str, ...] = ()
    """Parts of names in small letters, one of which is in the tool's."""

    @property
    def is_empty(self) -> bool:
        """Nothing is looked for."""
        return not (self.sought or self.states or self.tools)

    @property
    def sought(self) -> tuple[str, ...]:
        """All that is looked for in texts."""
        return (*self.words, *self.texts)


class ReadCallQuery(msgspec.Struct, frozen=True):
    """How what was typed was read."""

    query: CallQuery = CallQuery()
    readings: tuple[str, ...] = ()
    """Each kind of filter in words: `state failed or denied`."""
    problems: tuple[str, ...] = ()
    """What is wrong with filters that were passed over, a sentence each."""

    @property
    def is_empty(self) -> bool:
        """Nothing is looked for."""
        return self.query.is_empty


def read_call_query(text: str) -> ReadCallQuery:
    """Read words and filters. The beginning of a state's name is enough behind `state:`."""
    words, states, problems = list[str](), list[str](), list[str]()
    others: dict[str, list[str]] = {"tool": [], "text": []}
    for typed in split_words(text):
        word = typed.casefold()
        match = _FILTER.fullmatch(word)
        name = match[1] if match else ""
        value = match[2] if match and name in _FILTERS else ""
        if word in STATES:
            states.append(word)
        elif name == "state" and value:
            meant = [state for state in STATES if state.startswith(value)]
            states += meant
            if not meant:
                problems.append(f"“{typed}” is passed over: a state is {', '.join(STATES)}.")
        elif value:
            others[name].append(value)
        elif match and name not in _FILTERS and (near := nearest(name, list(_FILTERS), least=0.75)):
            problems.append(f"“{match[1]}:” is no filter. Did you mean {near}: ?")
        elif name not in _FILTERS:
            words.append(word)
    readings = [f"state {' or '.join(dict.fromkeys(states))}"] if states else []
    readings += [f"tool contains {' or '.join(others['tool'])}"] if others["tool"] else []
    given = (tuple(dict.fromkeys(each)) for each in (words, others["text"], states, others["tool"]))
    query = CallQuery(*given)
    return ReadCallQuery(query, tuple(readings), tuple(problems))


def _begins_state(word: str, state: CallState) -> bool:
    """Whether a word is the beginning of one that people know a state by, those of the list among them."""
    names = (name for name, states in STATES.items() if state in states and name != STALLED)
    return len(word) >= SHORTEST and any(name.startswith(word) for name in (*names, state.brief))


def fitting(text: str, calls: Sequence[Call], silent_s: Callable[[Call], float | None]) -> Sequence[Call]:
    """The calls that fit what was typed, at once; `silent_s` tells since when nothing came of a call."""
    looked = FoundCalls(silent_s)
    looked.ask(text)
    found = looked.among(calls)
    while not looked.is_whole:
        found = looked.among(calls)
    return found


class _Grown:
    """A text that may grow by pieces, and which of some words were found in it so far."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._pieces: Sequence[str] = ()
        self._seen = 0
        self._tail = ""
        """The last of what was searched: a word may begin there."""

    def follow(self, pieces: Sequence[str], words: Sequence[str]) -> int:
        """Search what is new, and return how many characters that is."""
        if pieces is not self._pieces:
            is_same = len(pieces) == 1 == len(self._pieces) == self._seen and pieces[0] is self._pieces[0]
            self._pieces = pieces
            if not is_same:
                self.found, self._seen, self._tail = set(), 0, ""
        if self._seen == len(pieces):
            return 0
        new = "".join(pieces[self._seen :])
        self._seen = len(pieces)
        sought = [word for word in words if word not in self.found]
        if not sought:
            return 0
        text = self._tail + new
        folded, unescaped = text.casefold(), ""
        for word in sought:
            if word in folded:
                self.found.add(word)
            elif not word.isascii() and "\\u" in folded:
                unescaped = unescaped or _ESCAPES.sub(_character, text).casefold()
                if word in unescaped:
                    self.found.add(word)
        self._tail = text[-_ESCAPE_CHARACTERS * max(map(len, sought)) :]
        return len(new)


def _character(escapes: re.Match[str]) -> str:
    """The characters that JSON writes as `\\u00fc`."""
    units = bytes.fromhex(escapes[0].replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


class _Seen:
    """What was found in one call."""

    def __init__(self) -> None:
        self._arguments = _Grown()
        self._output = _Grown()
        self._result = _Grown()
        self._content: tuple[str, ...] = ()

    def follow(self, call: Call, words: Sequence[str]) -> int:
        """Search what is new, and return how many characters that is."""
        content = call.result.content if call.result is not None else ""
        if not self._content or self._content[0] is not content:
            self._content = (content,)
        return (
            self._arguments.follow(call.pieces, words)
            + self._output.follow(call.output, words)
            + self._result.follow(self._content, words)
        )

    def has(self, word: str, name: str) -> bool:
        """Whether a word was found, or is in the name."""
        return word in name or any(word in part.found for part in (self._arguments, self._output, self._result))


class FoundCalls:
    """The calls that fit what was typed, followed while they grow: a look costs what came since the last one."""

    def __init__(self, silent_s: Callable[[Call], float | None]) -> None:
        """`silent_s` tells since when nothing came of a call."""
        self._silent_s = silent_s
        self._seen: dict[tuple[str, int], _Seen] = {}
        self.read = ReadCallQuery()
        self.is_whole = True
        """The last look went through all calls; else there is more to be found."""

    def ask(self, text: str) -> None:
        """Look for this from now on."""
        read = read_call_query(text)
        if read.query.sought != self.read.query.sought:
            self._seen.clear()
        self.read = read

    def among(self, calls: Sequence[Call]) -> Sequence[Call]:
        """Those of the calls that fit, in their order; ask again where that was not the whole."""
        self.is_whole = True
        query = self.read.query
        if query.is_empty:
            return calls
        left = MOST_AT_ONCE
        fitting: list[Call] = []
        for call in calls:
            if not self._passes(call, query):
                continue
            if query.sought:
                seen = self._seen.setdefault(call.key, _Seen())
                if left > 0:
                    left -= seen.follow(call, query.sought)
                else:
                    self.is_whole = False
                name = call.name.casefold()
                missing = [word for word in query.sought if not seen.has(word, name)]
                if any(word in query.texts or not _begins_state(word, call.state) for word in missing):
                    continue
            fitting.append(call)
        return fitting

    def _passes(self, call: Call, query: CallQuery) -> bool:
        name = call.name.casefold()
        if query.tools and not any(part in name for part in query.tools):
            return False
        return not query.states or any(self._is(call, state) for state in query.states)

    def _is(self, call: Call, state: str) -> bool:
        if call.state not in STATES[state]:
            return False
        return state != STALLED or is_stalled(self._silent_s(call))

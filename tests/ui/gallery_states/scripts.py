"""What the scripted models say, with the time that it takes them."""

from decimal import Decimal

from tests.fakes import Step
from tests.ui.gallery_states.words import ANSWER, HALF, THOUGHTS
from tests.ui.gallery_states.world import DEFAULT_MODEL, Script, StillClock
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import (
    Connected,
    Outcome,
    ReasoningDelta,
    RefusalDelta,
    RetryScheduled,
    Started,
    Stopped,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.usage import Cost, CostSource, TokenCounts

CUT_OFF = Failure(
    ErrorKind.NETWORK,
    "The connection to api.example.org broke off in the middle of the answer.",
    "What arrived is kept. Ask again.",
    retryable=True,
)
TOO_MANY = Failure(ErrorKind.RATE_LIMIT, "Too many requests.", "Wait a little, then ask again.", True, 429)
ARGUMENTS = '{"city": "Tokyo", "unit": "celsius"}'


def _begun(clock: StillClock, *steps: Step) -> list[Step]:
    return [Connected(), Started("resp_1", DEFAULT_MODEL), lambda: clock.forward(0.62), *steps]


def _ended(clock: StillClock, counts: TokenCounts, usd: str, reason: str = "stop") -> list[Step]:
    usage = UsageReported(counts, Cost(Decimal(usd), CostSource.GATEWAY), "{}")
    return [lambda: clock.forward(4.1), usage, Stopped(Outcome.COMPLETE, reason)]


def answering(text: str = ANSWER) -> Script:
    """An answer, whole."""
    return lambda clock: _begun(clock, TextDelta(text), *_ended(clock, TokenCounts(1_204, 386, 1_590), "0.009402"))


def connecting(_: StillClock) -> list[Step]:
    """Nobody has answered the request."""
    return []


def waiting(_: StillClock) -> list[Step]:
    """The request was accepted, and no word has come."""
    return [Connected(), Started("resp_1", DEFAULT_MODEL)]


def streaming(clock: StillClock) -> list[Step]:
    """An answer that is being written for ever."""
    return _begun(clock, TextDelta(HALF))


def thinking(clock: StillClock) -> list[Step]:
    """Thoughts that go on for ever."""
    return _begun(clock, ReasoningDelta(THOUGHTS))


def thought(clock: StillClock) -> list[Step]:
    """An answer after thoughts."""
    counts = TokenCounts(1_204, 512, 1_716, reasoning_tokens=126)
    first, then = THOUGHTS[:60], THOUGHTS[60:]
    spoken = (ReasoningDelta(first), lambda: clock.forward(3.1), ReasoningDelta(then), TextDelta(ANSWER))
    return _begun(clock, *spoken, *_ended(clock, counts, "0.011292"))


def cut_off(clock: StillClock) -> list[Step]:
    """An answer that breaks off."""
    return _begun(clock, TextDelta(HALF), Stopped(Outcome.TRUNCATED, None, CUT_OFF))


def too_long(clock: StillClock) -> list[Step]:
    """An answer that runs into its limit."""
    return _begun(clock, TextDelta(HALF), *_ended(clock, TokenCounts(1_204, 256, 1_460), "0.0075", "length"))


def declining(clock: StillClock) -> list[Step]:
    """A model that will not answer."""
    words = "I cannot help with opening somebody else's mail."
    return _begun(clock, RefusalDelta(words), *_ended(clock, TokenCounts(40, 12, 52), "0.0003"))


def retrying(_: StillClock) -> list[Step]:
    """A request that will be sent again."""
    return [RetryScheduled(1, 20.0, TOO_MANY)]


def tool_arriving(clock: StillClock) -> list[Step]:
    """The arguments of a call, half of them."""
    return _begun(
        clock,
        TextDelta("Let me look that up."),
        ToolCallDelta(0, "call_tokyo", "get_weather", '{"city": "Tok'),
        lambda: clock.forward(0.2),
        ToolCallDelta(0, "", "", 'yo", "un'),
    )


QUERY = (
    "select customer.name,\\n       sum(orders.total) as spent,\\n       count(*) as orders\\nfrom orders\\n"
    "join customer on customer.id = orders.customer\\nwhere orders.placed >= date '2026-01-01'\\n"
    "group by customer.name\\n"
)


def tools_together(clock: StillClock) -> list[Step]:
    """Two calls that arrive at once; the first has stalled."""
    return _begun(
        clock,
        TextDelta("I will look both up."),
        ToolCallDelta(0, "call_tokyo", "get_weather", '{"city": "Tok'),
        ToolCallDelta(1, "call_sql", "run_sql", '{"limit": 500, "colour": "red", "query": "' + QUERY[:60]),
        lambda: clock.forward(0.6),
        ToolCallDelta(0, "", "", 'yo", "unit": "cel'),
        lambda: clock.forward(12.4),
        ToolCallDelta(1, "", "", QUERY[60:]),
    )


def tool_asked(clock: StillClock) -> list[Step]:
    """Two calls that wait for a person."""
    return _begun(
        clock,
        TextDelta("Let me look that up."),
        ToolCallDelta(0, "call_tokyo", "get_weather", ARGUMENTS[:18]),
        lambda: clock.forward(0.2),
        ToolCallDelta(0, "", "", ARGUMENTS[18:]),
        ToolCallDelta(1, "call_paris", "get_weather", '{"city": "Paris", "unit": "kelvin"}'),
        *_ended(clock, TokenCounts(196, 74, 270), "0.001698", "tool_calls"),
    )

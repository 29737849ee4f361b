"""How an answer came about: everything that is known of it but its words.

The same facts stand on a reply that grows and on a message that is kept, so they are declared once.
"""

import re
from enum import Enum, auto

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.request import Sampling
from tui_chat.core.routing import FIELD
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import Cost, TokenCounts

UNRUNNABLE = "call_cannot_be_run"
"""Code of the failure of an answer that ended well but for a call that can never be run: the others may be."""
REASONING_FIELD = "reasoning_field"
"""A note of ours in `AnswerInfo.message_data`: the name of the field in which the reasoning came."""


class Cut(Enum):
    """Why an answer that ended is not whole: its calls may be half of something else."""

    LENGTH = auto()
    """It ran into a limit on its length."""
    FILTER = auto()
    """Somebody withheld the rest."""
    BREAK = auto()
    """It broke off, or came out as nonsense."""


_CUTS = (
    (Cut.LENGTH, lazy_pattern("length|maxtoken|max(?:output|completion)token|contextwindow|tokenlimit")),
    (
        Cut.BREAK,
        lazy_pattern("malformed|unexpectedtool|abort|cancel|error|insufficient|repetition|timeout|interrupt|fail"),
    ),
    (Cut.FILTER, lazy_pattern("filter|safety|recitation|blocklist|prohibited|spii|sensitive|guardrail|refus|moderat")),
)
"""What finish reasons hold, their letters alone, whoever gives them: OpenAI, Anthropic, Google (also as
`function_call_filter: MALFORMED_FUNCTION_CALL`), Mistral, DeepSeek, Zhipu, Bedrock, vLLM, SGLang."""


def cut_of(finish_reason: str | None) -> Cut | None:
    """How a finish reason says that the answer is not whole; None where it says nothing of the kind."""
    letters = re.sub("[^a-z]", "", (finish_reason or "").lower())
    return next((cut for cut, pattern in _CUTS if pattern.search(letters)), None)


class Timing(msgspec.Struct, frozen=True, gc=False):
    """Seconds since the request was started; None where it did not happen."""

    first_token_s: float | None = None
    """Until the first text, reasoning, refusal or tool-call fragment."""
    total_s: float | None = None

    @property
    def writing_s(self) -> float | None:
        """Seconds from the first token to the end."""
        if self.total_s is None or self.first_token_s is None:
            return None
        return self.total_s - self.first_token_s


class Fallback(msgspec.Struct, frozen=True, gc=False):
    """A model that was asked first and failed before anything of an answer came."""

    model: str
    why: str
    """In the words of who refused it."""
    status: int | None = None


class AnswerInfo(msgspec.Struct, frozen=True, gc=False):
    """The facts of one answer."""

    requested_model: str = ""
    model: str | None = None
    """The model that answered, as the gateway names it; None where it did not say."""
    response_id: str | None = None
    outcome: Outcome | None = None
    """None: it is being written, by this process or another."""
    finish_reason: str | None = None
    """As sent; None where the gateway gave none."""
    failure: Failure | None = None
    counts: TokenCounts | None = None
    cost: Cost | None = None
    usage_raw: str | None = None
    """The gateway's usage object, as JSON text."""
    timing: Timing = Timing()
    retries: int = 0
    provider_data: dict[str, str] = {}
    """Fields that are not ours to read, as JSON text."""
    message_data: dict[str, str] = {}
    """Fields of the message itself that are not ours to read (`reasoning_details`), as JSON text: whoever sent them may
    want them back. `reasoning_field` names the field in which the reasoning came, where it came in one."""
    gateway: str = ""
    """The base URL that was asked; empty where that was not kept."""
    left_out: tuple[str, ...] = ()
    """Fields that were not sent because the gateway or the model refuses them."""
    entry_id: str = ""
    """In a copy of an answer: the id of the original's entry in the ledger, which has one for both."""
    sampling: Sampling | None = None
    """What it was to be asked with: all of it was sent but `left_out`. None where that was not kept."""
    has_begun: bool = False
    """The gateway began to answer: it took the request (2xx), whatever came of it."""
    fell_back: tuple[Fallback, ...] = ()
    """The models that failed before the one that answered was asked, in their order."""

    @property
    def answering_model(self) -> str:
        """The model that answered, or the one that was asked where the gateway did not say."""
        return self.model or self.requested_model

    @property
    def upstream(self) -> str:
        """The provider behind the gateway that served it (`provider`), as it was named; empty where none was."""
        try:
            return msgspec.json.decode(self.provider_data.get(FIELD, '""'), type=str)
        except msgspec.DecodeError:
            return ""

    @property
    def may_have_cost(self) -> bool:
        """It has ended, and something may have been billed for it.

        Not where the gateway never began to answer, or refused with a 4xx inside of a 2xx before anything of an answer
        came: nothing was generated. A stopped or broken answer may still cost its full price.
        """
        if self.outcome is None:
            return False
        if self.timing.first_token_s is not None or self.counts is not None or self.cost is not None:
            return True
        status = self.failure.status if self.failure else None
        has_begun = self.has_begun or self.outcome in (Outcome.COMPLETE, Outcome.TRUNCATED)
        return has_begun and (status is None or not 400 <= status < 500)

    @property
    def is_surely_unbilled(self) -> bool:
        """It has ended and nothing can be billed for it. Not where it was stopped, or its time was over, before the
        gateway said whether it took the request: the ledger has no answer then, and what it cost is unknown."""
        is_open = self.outcome is Outcome.CANCELLED or (self.failure is not None and self.failure.may_be_billed)
        return self.outcome is not None and not self.may_have_cost and not is_open

    @property
    def is_usage_final(self) -> bool:
        """What was told of its usage is all that there is to tell: it came to its end, and was not cut before."""
        is_unrunnable = self.failure is not None and self.failure.code == UNRUNNABLE
        return self.outcome is Outcome.COMPLETE or self.finish_reason is not None or is_unrunnable

    @property
    def calls_may_be_acted_on(self) -> bool:
        """It ended well enough for its tool calls to be run: a whole-looking call in a cut one may be half of one."""
        ended_well = self.outcome is Outcome.COMPLETE or (self.failure is not None and self.failure.code == UNRUNNABLE)
        return ended_well and cut_of(self.finish_reason) is None

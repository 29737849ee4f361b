"""Every value that a store or a transcript may have to carry, as hypothesis strategies, and a few plain ones."""

from decimal import Decimal

from hypothesis import strategies as st

from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.marks import Continuation, Continuing, Marks, Summary
from tui_chat.core.parts import (
    File,
    Foreign,
    Fragment,
    Image,
    Media,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Source,
    Text,
    ToolCall,
    ToolResult,
    user_message,
)
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import (
    AudioDelta,
    Connected,
    FieldLeftOut,
    Heartbeat,
    MessageData,
    Outcome,
    PartReceived,
    ProviderData,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    RetryScheduled,
    SourceFound,
    Started,
    Stopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.tool_switch import ToolSwitch, merged
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Cost, CostSource, TokenCounts

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
some_words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
names = st.text("abcdefghij0123456789-_./:", min_size=1, max_size=12)
seconds = st.floats(0, 1e6)
times = st.floats(0, 4e9)
counts = st.none() | st.integers(0, 2**62)
dollars = st.decimals(0, 1_000_000, allow_nan=False, allow_infinity=False, places=12)

pairs = st.lists(st.tuples(words, words), max_size=1).map(tuple)
data = st.dictionaries(words, words, max_size=1)
fragments = st.builds(Fragment, seconds, st.integers(0, 1000))
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, words),
    st.builds(Reasoning, words, st.none() | seconds),
    st.builds(Refusal, words),
    st.builds(ToolCall, names, words, words, st.lists(fragments, max_size=3).map(tuple), st.booleans(), pairs),
    st.builds(ToolResult, names, words, words, st.booleans()),
    st.builds(Image, words, words),
    st.builds(File, words, words),
    st.builds(Media, st.sampled_from(("audio", "video", "file")), words, words, words),
    st.builds(Source, words, words, st.none() | st.integers(1, 99)),
    st.builds(Foreign, words, words),
)
failures = st.builds(
    Failure,
    st.sampled_from(ErrorKind),
    words,
    words,
    st.booleans(),
    st.none() | st.integers(100, 599),
    st.none() | words,
    st.none() | words,
    st.none() | seconds,
)
token_counts = st.builds(TokenCounts, counts, counts, counts, counts, counts)
costs = st.builds(Cost, dollars, st.sampled_from(CostSource))
samplings = st.builds(
    Sampling,
    temperature=st.none() | st.floats(0, 2),
    top_p=st.none() | st.floats(0, 1),
    max_tokens=st.none() | st.integers(1, 2**31),
    stop=st.none() | st.lists(words, max_size=2).map(tuple),
    seed=st.none() | st.integers(-(2**63), 2**63 - 1),
    reasoning_effort=st.none() | words,
    extra=st.lists(st.tuples(names, st.sampled_from(["1", '{"a":[]}', '"é"'])), max_size=1).map(tuple),
)
answers = st.builds(
    AnswerInfo,
    requested_model=words,
    model=st.none() | words,
    response_id=st.none() | words,
    outcome=st.sampled_from(Outcome),
    finish_reason=st.none() | words,
    failure=st.none() | failures,
    counts=st.none() | token_counts,
    cost=st.none() | costs,
    usage_raw=st.none() | words,
    timing=st.builds(Timing, st.none() | seconds, st.none() | seconds),
    retries=st.integers(0, 10),
    provider_data=st.dictionaries(words, words, max_size=2),
    message_data=data,
    gateway=words,
    left_out=st.lists(words, max_size=1).map(tuple),
    sampling=st.none() | samplings,
)


switches = st.lists(
    st.builds(
        ToolSwitch,
        st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1),
        st.none() | st.booleans(),
        times,
    )
).map(merged)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Conversation, tuple[Node, ...]]:
    """A conversation with a tree of any shape."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(0, 4))):
        parent = draw(st.none() | st.sampled_from(nodes)) if nodes else None
        role = draw(st.sampled_from(Role))
        message = Message(role, tuple(draw(st.lists(parts, max_size=3))))
        answer = draw(answers) if role is Role.ASSISTANT else None
        parent_id = parent.id if parent else None
        marks = draw(marked(parent_id, [node.id for node in nodes]))
        nodes.append(Node(f"n{number}", parent_id, draw(times), message, answer, marks))
    head = draw(st.sampled_from(nodes)).id if nodes else None
    conversation = Conversation(
        "c1",
        draw(times),
        draw(words),
        draw(words),
        draw(words),
        head,
        draw(st.booleans()),
        draw(samplings),
        draw(words),
        draw(samplings),
        draw(st.none() | dollars),
        draw(switches),
        draw(st.none() | st.lists(some_words, max_size=2).map(tuple)),
    )
    return conversation, tuple(nodes)


def marked(parent_id: str | None, others: list[str]) -> st.SearchStrategy[Marks]:
    """Marks of a message that stands behind others."""
    of_others = st.none() | st.sampled_from(others) if others else st.none()
    return st.builds(
        Marks,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.lists(some_words, max_size=2, unique=True).map(tuple),
        of_others,
        st.none() | st.builds(Continuation, st.just(parent_id), st.sampled_from(Continuing))
        if parent_id
        else st.none(),
        st.none() | st.builds(Summary, of_others, st.integers(0, 99), st.integers(0, 9999), st.integers(0, 9999)),
    )


deltas: st.SearchStrategy[StreamEvent] = st.one_of(
    st.builds(TextDelta, some_words),
    st.builds(ReasoningDelta, some_words),
    st.builds(Reclassified, st.integers(1, 99)),
    st.builds(RefusalDelta, some_words),
    st.builds(ToolCallDelta, st.integers(0, 3), st.sampled_from(["", "a", "b"]), st.sampled_from(["", "f"]), words),
)
events: st.SearchStrategy[StreamEvent] = st.one_of(
    deltas,
    st.just(Connected()),
    st.just(Heartbeat()),
    st.builds(Started, words, words),
    st.builds(PartReceived, st.builds(Image, words, words) | st.builds(Foreign, words, words)),
    st.builds(AudioDelta, words, words),
    st.builds(SourceFound, st.builds(Source, some_words, words, st.none() | st.integers(1, 99))),
    st.builds(UsageReported, token_counts, st.none() | costs, words),
    st.builds(ProviderData, words, words),
    st.builds(MessageData, words, words, st.none() | st.integers(0, 3)),
    st.builds(FieldLeftOut, words, words),
    st.builds(RetryScheduled, st.integers(0, 9), seconds, failures),
    st.builds(Stopped, st.sampled_from(Outcome), st.none() | words, st.none() | failures),
)


def question(node_id: str = "q", text: str = "Why?", *, parent_id: str | None = None, at: float = 100.0) -> Node:
    """What a person asked."""
    return Node(node_id, parent_id, at, user_message(text))


def answer(
    node_id: str = "a",
    text: str = "Because.",
    *,
    parent_id: str | None = "q",
    at: float = 101.0,
    outcome: Outcome | None = Outcome.COMPLETE,
    cost: str | None = None,
    model: str = "openai/gpt-4o-mini",
) -> Node:
    """What a model answered; with outcome None, what it is still writing."""
    info = AnswerInfo(
        model,
        model,
        outcome=outcome,
        finish_reason="stop" if outcome is Outcome.COMPLETE else None,
        counts=TokenCounts(20, 6, 26) if cost else None,
        cost=Cost(Decimal(cost), CostSource.GATEWAY) if cost else None,
        has_begun=True,
    )
    return Node(node_id, parent_id, at, Message(Role.ASSISTANT, (Text(text),) if text else ()), info)

"""Facts as they are read aloud: words in place of the screen's signs, and unknown never as zero."""

from decimal import Decimal

from tui_chat.chat.history import parse_arguments
from tui_chat.chat.services import Gateway
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.data_urls import shortened
from tui_chat.core.ending import node_ending
from tui_chat.core.errors import Failure
from tui_chat.core.mark_words import continued_words, state_words, summary_words
from tui_chat.core.media import facts_of, source_words, title_of
from tui_chat.core.models import Ability, ModelInfo, ModelKind
from tui_chat.core.parts import (
    Beside,
    File,
    Foreign,
    Image,
    Media,
    Message,
    Reasoning,
    Refusal,
    Role,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts, tokens_of_length
from tui_chat.settings.base_url import shown_base_url
from tui_chat.workspace.advice import Audience, advise

LONGEST_ARGUMENTS = 2_000
"""Characters of a call's arguments that are read out without being asked for."""
EXCERPT = 90


def name_of(model: str) -> str:
    """Sanitise a model's id."""
    return sanitize_line(model, 100) or "no model"


def gateway_words(gateway: Gateway) -> str:
    """Name the gateway that answers come from."""
    if gateway.is_demo:
        return "the embedded demo gateway: scripted models, nothing leaves this machine"
    name = f"{gateway.name}, " if gateway.name else ""
    return name + sanitize_line(shown_base_url(gateway.base_url), 200) + ("" if gateway.has_key else ", without a key")


def failure_words(failure: Failure) -> str:
    """Say what failed, and what to do."""
    status = f" (HTTP {failure.status})" if failure.status else ""
    advice = sanitize_line(advise(failure, Audience.CHAT), 1_000)
    return f"{failure.title}{status}: {sanitize_line(failure.message, 1_000)}\n{advice}"


def count_words(counts: TokenCounts | None, written: int = 0) -> str:
    """Word the tokens in and out. Of an answer that nobody counted its length tells about how many came out: so many
    characters were `written`."""
    if counts is None or counts.total is None:
        return f"tokens unknown, about {tokens_of_length(written)} out" if written else "tokens unknown"
    given, taken = _known(counts.prompt_tokens), _known(counts.completion_tokens)
    where = "of reasoning" if counts.reasons_beside else "of them reasoning"
    more = f", {counts.reasoning_tokens} {where}" if counts.reasoning_tokens else ""
    return f"{given} tokens in, {taken} out{more}"


def cost_words(cost: Cost | None) -> str:
    """Word a cost, and whether it is estimated."""
    if cost is None:
        return "cost unknown"
    if cost.source is CostSource.ESTIMATE:
        return f"cost about {figures.dollars(cost.usd)}, estimated"
    return f"cost {figures.bill(cost)}"


def answer_words(answer: AnswerInfo, written: int = 0) -> str:
    """Word the figures of one answer of which so many characters were `written`."""
    if answer.is_surely_unbilled:
        parts = [figures.NOT_BILLED]
    else:
        parts = [count_words(answer.counts, written), cost_words(answer.cost)]
    if answer.timing.total_s is not None:
        parts.append(figures.seconds(answer.timing.total_s))
    if answer.retries:
        parts.append(f"after {figures.retries(answer.retries)}")
    return "; ".join(parts)


def spending_words(spending: Spending) -> str:
    """Word the sums of a conversation."""
    answers = "1 answer" if spending.answers == 1 else f"{spending.answers} answers"
    if spending.known_tokens is None:
        tokens = "tokens unknown"
    else:
        given, taken = _known(spending.known_prompt_tokens), _known(spending.known_completion_tokens)
        tokens = f"{given} tokens in, {taken} out"
        if spending.uncounted:
            tokens += f", not counting {spending.uncounted} whose tokens are unknown"
    if not spending.is_known:
        return f"{answers}; {tokens}; cost unknown"
    cost = f"cost {'about ' if spending.estimated else ''}{figures.exact_sum(spending.usd)}"
    if spending.estimated:
        cost += f", {spending.estimated} estimated"
    if spending.unknown:
        cost += f", not counting {spending.unknown} whose cost is unknown"
    return f"{answers}; {tokens}; {cost}"


def model_words(model: ModelInfo) -> str:
    """Word a model of the catalogue: id, context, price, and what it takes."""
    context = "context unknown" if model.context_tokens is None else f"context {figures.tokens(model.context_tokens)}"
    kind = "" if model.kind is ModelKind.CHAT else f", for {model.kind.value}, not to chat with"
    has = ", ".join(ability.value for ability in Ability if model.has(ability))
    more = f", {has}" if has else ""
    return f"{name_of(model.id)}{kind}, {context}, {_price(model)}{more}"


def call_words(call: ToolCall) -> str:
    """Word a call with its arguments, and the fault in them if there is one."""
    _, fault = parse_arguments(call.arguments)
    arguments = sanitize(call.arguments)
    if len(arguments) > LONGEST_ARGUMENTS:
        more = len(arguments) - LONGEST_ARGUMENTS
        arguments = f"{arguments[:LONGEST_ARGUMENTS]} and {more} characters more, which /tools reads"
    words = f"{sanitize_line(call.name, 100) or 'a tool without a name'}, arguments {arguments}"
    return f"{words}\nThe arguments are {fault}." if fault else words


def label_of(node: Node) -> str:
    """Name the speaker of a message."""
    match node.message.role:
        case Role.USER:
            return "You"
        case Role.ASSISTANT if node.marks.edited_id and node.answer is None:
            return "Assistant"  # the words of a person: which model is of no account
        case Role.ASSISTANT:
            return f"Assistant ({name_of(node.answer.answering_model if node.answer else '')})"
        case Role.TOOL:
            return "Tool result"
        case Role.SYSTEM:
            return "System"


def message_text(message: Message) -> str:
    """Word a whole message, parts that are not text with a label; reasoning is left to `/reasoning`."""
    said: list[str] = []
    for part in message.parts:
        match part:
            case Text(text):
                said.append(shortened(text) if message.role is Role.ASSISTANT else text)
            case Refusal(text):
                said.append(f"Refused: {text}")
            case Reasoning():
                said.append("(It thought first; /reasoning shows it.)")
            case ToolCall():
                said.append(f"Tool call: {call_words(part)}")
            case ToolResult(name=name, content=content):
                said.append(f"{_result_word(part)} {sanitize_line(name, 100)}: {content}")
            case Image() if message.role is Role.ASSISTANT:
                said.append(part_words(part))
            case Image(name=name):
                said.append(f"Picture: {sanitize_line(name, 100) or 'without a name'}")
            case Media() | Foreign():
                said.append(part_words(part))
            case Source():
                said.append(f"Source {source_words(part)}")
            case File(name=name, text=text):
                said.append(f"File {sanitize_line(name, 100)}, {len(text)} characters")
    return sanitize("\n".join(said))


def _result_word(result: ToolResult) -> str:
    """What stands before the name of the tool."""
    return "Denied:" if result.is_denied else "Error of" if result.is_error else "Result of"


def part_words(part: Beside) -> str:
    """What an answer holds beside words, with its type and size."""
    return f"{title_of(part)}: {', '.join(facts_of(part)) or 'nothing is known of it'}"


def excerpt_of(node: Node, stamp: str = "") -> str:
    """Word a message in one line, with its time where one is given."""
    words = node.message.text or message_text(node.message)
    said = f"{label_of(node)}{marked_words(node)}: {sanitize_line(words, EXCERPT) or 'nothing'}"
    return f"{said} ({stamp})" if stamp else said


def excerpt_around(text: str, at: int) -> str:
    """Cut a line from a text, around an index."""
    start = max(0, at - EXCERPT // 2)
    return sanitize_line(("… " if start else "") + text[start : start + 2 * EXCERPT], EXCERPT)


def marked_words(node: Node) -> str:
    """What is noted of a message, and how it ended where that is not plain, before its words."""
    ending = node_ending(node)
    ended = ending.clause if ending else "failed" if node.answer and node.answer.failure else ""
    said = (*state_words(node.marks), ended, f"continued, {how}" if (how := continued_words(node.marks)) else "")
    return "".join(f", {words}" for words in (*said, summary_words(node).replace(" · ", ", ")) if words)


def _known(count: int | None) -> str:
    return "unknown" if count is None else str(count)


def _price(model: ModelInfo) -> str:
    if model.price.is_free:
        return "free"
    given, taken = (_per_million(usd) for usd in (model.price.prompt_usd, model.price.completion_usd))
    if given is None and taken is None:
        return "price unknown"
    longer = ["more for long contexts"] if model.price.tiers else []
    return ", ".join(
        (
            f"{given or 'unknown'} in and {taken or 'unknown'} out per million tokens",
            *figures.pieces(model.price),
            *longer,
        )
    )


def _per_million(usd_per_token: Decimal | None) -> str | None:
    words = figures.price_per_million(usd_per_token)
    return None if words == figures.UNKNOWN else words


def plan_words(plan: ToolPlan) -> str:
    """What a call runs, to the last character, and its limits."""
    return f"{sanitize(plan.words)}, {plan.limits}"

"""Requests that a server refuses for one thing in them: which one, and how to ask without it.

What decides is the name in the message or in `param`, never a word that stands in every error, as `invalid` does. One
thing is changed at a time. Limits on length are never dropped, somebody set them for the sake of the bill, but may
go by their other name; a value that is merely out of range is left for the person to change.

Fields that the person set by themselves, such as `top_k` or `response_format`, go too, but only where the field is
refused, not its value.

Sources: the messages of OpenAI, Anthropic, Mistral, DeepSeek, Moonshot, Google, xAI, Bedrock, Alibaba, OpenRouter,
LiteLLM, Ollama, LM Studio, vLLM, llama.cpp and transformers serve, as users quoted them.
"""

import json
import re

from msgspec.structs import replace

from tui_chat.core.errors import Failure
from tui_chat.core.models import Ability
from tui_chat.core.routing import FIELD
from tui_chat.providers.quirks import NEEDED, Quirks, Thoughts
from tui_chat.providers.sent_back import CALL_FIELDS, MESSAGE_FIELDS

OF_THE_MODEL = frozenset({"stream"})
"""Refused once, these are refused for every question to the model."""

OF_THE_SERVER = frozenset({"stream_options", "parallel_tool_calls"})
"""Refused once, these are refused for every model of the server: worth remembering."""

_DROPPED = (
    "temperature", "reasoning_effort", "tool_choice", "stop", "frequency_penalty", "presence_penalty", "seed", "top_p",
    "route", "models", "provider", "parallel_tool_calls", "stream_options", "stream",
)  # fmt: skip
"""Fields that a question can do without; of several that go only one at a time, the first one stays."""

_HOLDS_DOWN = re.compile(r"^max_|_predict$|budget")
"""Free fields that limit an answer under the names of other servers: they stay, as the limits do."""

_SPELLINGS = {
    "stop": ("stop_sequences", "stopSequences"),
    "frequency_penalty": ("Penalty",),
    "presence_penalty": ("Penalty",),
    "stream": ("verified to stream",),
    "response_format": ("response format", "Response format", "json_schema", "JSON mode", "json mode"),
}
"""What providers call fields in the request that the gateway makes of ours; `topP` for `top_p` goes for all of them.
Google says "Penalty is not enabled", OpenAI "must be verified to stream this model"."""

_WORDS = frozenset({"stop", "seed", "models", "route", "provider", "stream"})
"""Names that are plain words too, as every free one of a single word is: they count only in quotes, or where a place
in the request is named."""

_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_NO_SUCH_CODES = ("unsupported_parameter", "unknown_parameter")
_REASONING = ("reasoning_content", "reasoning", "reasoning_text")

_EITHER = re.compile(r"(?i)\bboth\b|only one|one of|together|mutually exclusive|at the same time|simultaneously")
_UNKNOWN = re.compile(
    r"(?i)unsupported|not supported|n't support|not support|unrecogni[sz]ed|unknown|unexpected|not permitted"
    r"|not allowed|extra (?:input|field|key)|additional propert|deprecated|no longer|forbidden|not accepted|must not"
    r"|unavailable|not available|not enabled"
)
_NO_SUCH_FIELD = re.compile(
    rf"(?i)(?:unrecogni[sz]ed|unknown|unexpected|unsupported|extra|additional) (?:\w+ )?"
    rf"(?:argument|parameter|field|key|property|keyword)s?(?: supplied)?\W{{1,4}}{FIELD}\b"
    rf"|\b{FIELD}\W{{1,4}}extra (?:input|field|key)s? (?:is|are) not permitted"
    rf"|(?:argument|parameter|field|key|property) \W?{FIELD}\W? is "
    r"(?:not (?:supported|permitted|allowed)|unsupported|unknown|unrecogni[sz]ed)(?=\W*$|[.;,])"
)
"""The field itself is refused, and not one of its values, of which the same words are said."""
_NO_SUCH_FORM = re.compile(r"(?i)(?:must be|should be|allowed|expected)\b.{0,40}json_object|got:? ?['\"`]?json_schema")
"""The server knows forms of an answer, but none by a schema."""
_RANGE = re.compile(
    r"(?i)out of (?:range|bounds)|must be (?:at|between|less|greater|in |within|<|>|≤|≥|a |an |one|positive)"
    r"|less than or equal|greater than or equal|too (?:large|high|big|small|low)|maximum|minimum|exceed|in the range"
    r"|range of|expected (?:a|an) |above_max|below_min"
)
_DEMANDS = re.compile(
    r"(?i)missing|must (?:be (?:passed|sent|provided|included|present|preserved)|include|have|contain)|require"
    r"|passed back|need|expected"
)
_ROLES = re.compile(r"(?i)role\W{0,3}s?\W.{0,12}user.{0,24}after.{0,12}tool|roles must alternate")
_REFUSED = (
    r"(?:(?:not|n't|no longer) (?:currently |yet )?(?:support|accept|enable|take|allow)"
    r"|only supported|unsupported|unknown variant|cannot|can't)"
)
_ONLY_WORDS = (
    r"content must be a string|sequence, expected a string|untagged enum ChatCompletionRequestContent"
    r"|(?:not|n't) (?:a )?multi-?modal"
)
"""Refused is whatever is no words."""
_OTHERS_ONLY = r"input should be ['\"]text|expected to be either text or image_url"
"""Refused is whatever is neither words nor, maybe, a picture."""
_NAMED_BLOCK = re.compile(
    r"(?i)(?:unknown|unsupported|invalid|unexpected)\W(?:(?:chat|content|message|part|block) ){0,4}"
    r"(?:type|value|variant)\W{1,4}(image_url|input_audio|file)\b"
)
"""The one type of block that is refused, where the types that are taken may be named too."""


def _refuses(names: str, others: str) -> re.Pattern[str]:
    """What refuses a kind of content by one of its names, or in other words."""
    return re.compile(rf"(?i)(?:{names}).{{0,60}}{_REFUSED}|{_REFUSED}.{{0,60}}(?:{names})|{others}")


_KINDS_REFUSED = (
    (
        Ability.PICTURES,
        b'"image_url"',
        "image_url",
        _refuses(
            "image|vision|multi-?modal|picture",
            r"(?:not|n't) (?:a )?vision|at most 0 image|no endpoints found that support image|data required for image",
        ),
    ),
    (
        Ability.SOUND,
        b'"input_audio"',
        "input_audio",
        _refuses(
            "audio|multi-?modal",
            rf"at most 0 audio|no endpoints found that support (?:input )?audio|data required for audio|{_OTHERS_ONLY}",
        ),
    ),
    (
        Ability.PDF,
        b'"file_data"',
        "file",
        _refuses(
            r"\bfiles?\b|pdfs?\b|documents?\b|multi-?modal",
            rf"no endpoints found that support (?:file|pdf|document)|{_OTHERS_ONLY}",
        ),
    ),
)
"""Kinds of content: what of them stands in a request that holds one, the type of its block, and how models say that
they take none."""
_ONE_OF_THEM = re.compile(
    r"(?i)format|media type|size|dimension|pixel|too (?:large|big|many)|exceed|download|fetch|decode|password|corrupt"
    r"|duration|too long|pages"
)
"""What is wrong with one picture, document or recording, not with all."""
_SYSTEM = re.compile(
    rf"(?i)(?:system|developer) (?:role|prompt|message|instruction)s?\b.{{0,20}}{_REFUSED}"
    rf"|{_REFUSED}.{{0,20}}(?:\bsystem (?:role|prompt|message|instruction)|['\"`]system['\"`])"
)
_CALLING = r"(?:tools?|tool (?:use|calls?|calling)|function.?call(?:s|ing)?)\b"
_TOOLS = re.compile(
    rf"(?i)\b{_CALLING}\W{{1,3}}(?:\w+ ){{0,2}}?{_REFUSED}"
    rf"|{_REFUSED}(?:ed|s)? (?:the )?(?:use of )?\W?{_CALLING}"
    r"|no endpoints found that support tool|auto\W{1,2} tool choice requires|only user and assistant roles"
)
_TOOLS_MISSING = re.compile(r"(?i)without `?tools=|must define tools|`tools=` param|toolConfig field must be defined")
_FIRST_THOUGHT = re.compile(r"(?i)expected\W{1,3}(?:redacted_)?thinking.{0,80}found|must start with a thinking block")
_NAMELESS = re.compile(r"(?i)function_?response\.name|tool (?:message|result)s?\b.{0,40}\bname\b")
_NO_NULL = re.compile(
    r"(?i)content\b.{0,60}(?:must be (?:a |of type )?string|valid string|expected (?:a )?string|(?:not|n't) be null"
    r"|none is not|got null|null is not)"
)
_BAD_SIGNATURE = re.compile(
    r"(?i)(?:corrupt\w*|\binvalid)\b\W{0,3}(?:thought.?|thinking.?)?signature"
    r"|signature\W{0,3} (?:in .{0,20})?(?:is )?(?:not valid|invalid)|signature: field required"
)
_LONG_ID = re.compile(
    r"(?i)(?:tool_?call|tool_?use)\S{0,20}id\b.{0,60}(?:too long|maximum length|match (?:the )?pattern|at most)"
)
_SIGNED = ("reasoning_details", "thinking_blocks", "extra_content", "reasoning_opaque", "provider_specific_fields")
_NOWHERE = "No endpoints found that"
"""How OpenRouter says with a 404 that what was asked for is the trouble, not the model."""
_TEMPLATE = re.compile(r"(?i)jinja|raise_exception|chat template|template error|CallExpression")
"""Servers of open models fail with a 500 where the model's template refuses the history."""
_NINE = re.compile(r"(?i)(?:call.?id|\bid\b).{0,120}length of 9|9 (?:alphanumeric )?characters")


def adapted(quirks: Quirks, failure: Failure, body: bytes) -> Quirks | None:
    """How to ask once more after a refusal; None where nothing of ours would mend it."""
    words = " ".join(filter(None, (failure.message, failure.param)))
    sent: dict[str, object] = json.loads(body)
    is_of_request = failure.status in (400, 422) or (failure.status == 404 and _NOWHERE in failure.message)
    found = _of_kind(quirks, failure, words, body, sent)
    if found is None and (is_of_request or (failure.status == 500 and _TEMPLATE.search(failure.message))):
        found = _of_history(quirks, words, body, sent)
    if found is None and is_of_request:
        found = _limit(quirks, failure, words, sent) or _field(quirks, failure, words, sent)
    return found if found != quirks else None


def out_of_range(failure: Failure, body: bytes) -> str | None:
    """The field whose value a refusal calls out of range; None where it is about something else."""
    if failure.status not in (400, 422) or not _RANGE.search(failure.message):
        return None
    if _UNKNOWN.search(failure.message) or _NO_SUCH_FORM.search(failure.message):
        return None
    sent: dict[str, object] = json.loads(body)
    return next((name for name in sent if name not in NEEDED and _names(failure, name)), None)


def _of_kind(quirks: Quirks, failure: Failure, words: str, body: bytes, sent: dict[str, object]) -> Quirks | None:
    """A kind of content that the model does not take at all. OpenRouter answers 404 (nobody serves it so), llama.cpp
    500, and others 501."""
    if failure.status not in (400, 404, 415, 422, 500, 501):
        return None
    if refused := _refused_content(words, body):
        return replace(quirks, in_words=quirks.in_words | refused)
    if b'"role":"system"' in body and _SYSTEM.search(words):
        return replace(quirks, system_in_words=True)
    has_calls = "tools" in sent or b'"tool_calls":' in body
    if has_calls and _TOOLS_MISSING.search(words):
        return replace(quirks, calls_need_tools=True)
    if has_calls and _TOOLS.search(words) and not _is_named("parallel_tool_calls", words) and "parallel" not in words:
        return replace(quirks, calls_in_words=True)
    return None


def _refused_content(words: str, body: bytes) -> frozenset[Ability]:
    """The kind of pictures, documents or recordings that is refused, or all that are there where only words are taken;
    none where one of them alone is at fault."""
    if _ONE_OF_THEM.search(words):
        return frozenset()
    named, only_words = _NAMED_BLOCK.search(words), re.search(f"(?i){_ONLY_WORDS}", words)
    refused = [
        kind
        for kind, sign, block, refuses in _KINDS_REFUSED
        if sign in body and (named[1].lower() == block if named else only_words or refuses.search(words))
    ]
    return frozenset(refused if only_words and not named else refused[:1])


def _of_history(quirks: Quirks, words: str, body: bytes, sent: dict[str, object]) -> Quirks | None:
    """A rule about what was said before."""
    if _NINE.search(words) or _LONG_ID.search(words):
        return replace(quirks, short_ids=True)
    if _NAMELESS.search(words) and b'"role":"tool"' in body:
        return replace(quirks, names_results=True)
    if _NO_NULL.search(words) and b'"content":null' in body:
        return replace(quirks, no_null=True)
    if _FIRST_THOUGHT.search(words):
        return replace(quirks, own_rounds_only=True)
    if _ROLES.search(words):
        # Templates without a place for the system prompt count it as a turn.
        is_system = quirks.answers_results and b'"role":"system"' in body
        return replace(quirks, system_in_words=True) if is_system else replace(quirks, answers_results=True)
    if "thought_signature" in words and _DEMANDS.search(words):
        return replace(quirks, signs_calls=True)
    if _BAD_SIGNATURE.search(words):
        signed = [name for name in _SIGNED if b'"%s":' % name.encode() in body]
        is_of_calls = "thought" in words.lower()
        return replace(quirks, unsent=quirks.unsent.union(signed), signs_calls=quirks.signs_calls or is_of_calls)
    own = () if "messages" in words else tuple(filter(_is_free, sent))
    for name in _REASONING:
        if not _is_named(name, words):
            continue
        if _DEMANDS.search(words) and not _UNKNOWN.search(words) and quirks.thoughts is not Thoughts.ALWAYS:
            return replace(quirks, thoughts=Thoughts.ALWAYS, reasoning_field=name)
        if name not in own and b'"%s":' % name.encode() in body and quirks.thoughts is not Thoughts.NEVER:
            return replace(quirks, thoughts=Thoughts.NEVER)
    for name in (*MESSAGE_FIELDS, *CALL_FIELDS):
        if name in own:
            continue
        if _is_named(name, words) and b'"%s":' % name.encode() in body and not _DEMANDS.search(words):
            return replace(quirks, unsent=quirks.unsent | {name})
    return None


def _limit(quirks: Quirks, failure: Failure, words: str, sent: dict[str, object]) -> Quirks | None:
    """A limit on length that goes by its other name: the newer one only where the server knows that there is one. Of
    both at once the older one is left out."""
    if all(name in sent and _is_named(name, words) for name in _LIMITS) and _EITHER.search(words):
        return replace(quirks, without=quirks.without | {"max_tokens"})
    for old, new in _LIMITS.items():
        if old not in sent or new in sent or (new, old) in quirks.renamed or not _is_named(old, words):
            continue
        is_told = old == "max_completion_tokens" or new in words or failure.code == "unsupported_parameter"
        if is_told and _UNKNOWN.search(words) and not _RANGE.search(words):
            return replace(quirks, renamed=(*quirks.renamed, (old, new)))
    return None


def _field(quirks: Quirks, failure: Failure, words: str, sent: dict[str, object]) -> Quirks | None:
    """A field that the question can do without."""
    if out_of_range(failure, json.dumps(sent).encode()):
        return None
    named = [name for name in _DROPPED if name in sent and _names(failure, name)]
    if FIELD in named and not _NO_SUCH_FIELD.search(words):
        named.remove(FIELD)  # one of its values is wrong, and without it somebody else would be asked
    refusals = (_UNKNOWN, _EITHER, _NO_SUCH_FORM)
    if any(refuses.search(words) for refuses in refusals) or failure.code in _NO_SUCH_CODES:
        named += [name for name in sent if _is_free(name) and _names(failure, name)]
    if not named:
        return None
    if len(named) > 1 and _EITHER.search(words):
        refused = named[-1]
    elif failure.param in named:
        refused = failure.param
    else:
        refused = min(named, key=lambda name: _place(name, words))
    return replace(quirks, without=quirks.without | {refused})


def _is_free(name: str) -> bool:
    """Whether a field is in the request only because the person set it, and does not limit the answer."""
    return name not in NEEDED and name not in _DROPPED and name not in _LIMITS and not _HOLDS_DOWN.search(name)


def _names(failure: Failure, name: str) -> bool:
    return failure.param == name or _is_named(name, failure.message)


def _is_named(name: str, words: str) -> bool:
    return _place(name, words) <= len(words)


def _place(name: str, words: str) -> int:
    """Where the words name a field, in whatever spelling; beyond their end where they do not."""
    spellings = "|".join(
        map(re.escape, {*_SPELLINGS.get(name, ()), _camel(name), name} - {name if _is_word(name) else ""})
    )
    patterns = [rf"(?<![A-Za-z0-9_])(?:{spellings})(?![A-Za-z0-9_])"] if spellings else []
    if _is_word(name):
        word = re.escape(name)
        patterns.append(
            rf"[\"'`“‘]{word}[\"'`”’]|(?:^|[.;]\s?){word}: |supplied: {word}\b|\[{word}\]"
            rf"|\b(?:argument|parameter|field)s?:? {word}\b"
            rf"|^{word} (?:is|are) (?:unsupported|not (?:supported|allowed))"
        )
    found = [match.start() for pattern in patterns if (match := re.search(pattern, words))]
    return min(found, default=len(words) + 1)


def _is_word(name: str) -> bool:
    return name in _WORDS or (name.isalnum() and name not in _DROPPED and name not in MESSAGE_FIELDS)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))

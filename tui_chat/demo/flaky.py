"""demo/flaky: fails in the way that the prompt names, so that every failure can be tried out."""

import re

from tui_chat.demo.plan import Comment, Fail, Hang, HttpError, Move, Plan, Say, Wait

_FAULT = re.compile(
    r"\b(400|401|402|403|404|413|429|500|502|503|529|error|close|closed|cut|slow|silence|silent)\b", re.IGNORECASE
)
_ALWAYS = re.compile(r"\balways\b", re.IGNORECASE)
_SILENCE_S = 600.0

_STATUS: dict[int, tuple[str, str, str]] = {
    400: ("You asked for a bad request, and this is one.", "invalid_request_error", "invalid_request"),
    401: ("Incorrect API key provided (you asked for this).", "authentication_error", "invalid_api_key"),
    402: ("Your balance is empty (you asked for this).", "payment_required", "insufficient_balance"),
    403: ("Your key may not use this model (you asked for this).", "permission_error", "forbidden"),
    404: ("There is no such model (you asked for this).", "invalid_request_error", "model_not_found"),
    413: ("The request is too large (you asked for this).", "invalid_request_error", "request_too_large"),
    429: ("Too many requests. Please slow down.", "rate_limit_error", "rate_limit_exceeded"),
    500: ("The upstream provider failed.", "server_error", "internal_error"),
    502: ("The upstream provider sent nonsense.", "server_error", "bad_gateway"),
    503: ("The upstream provider is down for a moment.", "server_error", "unavailable"),
    529: ("The upstream provider is overloaded.", "server_error", "overloaded"),
}
_MID = "in the mid"
_START = "I begin as if nothing were wrong. This much of the answer reached you, and it stays with you: "

HELP = """\
I fail in the way you name. These are the words I know:

| say | what happens |
| --- | --- |
| `429` | rate limited with `Retry-After: 2` the first time, then an answer |
| `429 always` | rate limited each time |
| `500` | fails once, then an answer; `502`, `503` and `529` likewise |
| `500 always` | fails each time |
| `error` | an error inside the stream, after some text |
| `close` | the connection breaks off after some text; `/continue` goes on |
| `cut` | the stream ends as if it were whole, but is not; `/continue` goes on |
| `slow` | the first token takes six seconds, with signs of life |
| `silence` | some text, then nothing at all |
| `400` `401` `402` `403` `404` `413` | refused with that status |
"""


def fault(prompt: str) -> str:
    """Find the first fault that the prompt names, in lower case; empty where it names none."""
    found = _FAULT.search(prompt)
    return found[1].lower() if found else ""


def answer(prompt: str, attempt: int) -> Plan | HttpError:
    """Answer with the fault that the prompt names; `attempt` counts how often this client has sent it, from 1."""
    name = fault(prompt)
    if name.isdigit():
        status = int(name)
        passes = attempt > 1 and (status == 429 or status >= 500) and not _ALWAYS.search(prompt)
        return Plan((Say(_recovered(name, attempt)),)) if passes else _refusal(status)
    return Plan(_moves(name))


def rest(begun: str) -> Plan:
    """Go on with an answer that was cut, from its last letter."""
    word = "dle of a word" if begun.endswith(_MID) else ""
    return Plan((Say(f"{word}. And here it goes on, as if nothing had happened.\n"),))


def _refusal(status: int) -> HttpError:
    message, type_, code = _STATUS[status]
    return HttpError(status, message, type_, code, retry_after_s=2 if status == 429 else None)


def _recovered(name: str, attempt: int) -> str:
    return f"There you are. Attempt {attempt - 1} got a `{name}`; this one got through, and you did nothing for it.\n"


def _moves(name: str) -> tuple[Move, ...]:
    match name:
        case "error":
            return Say(_START + "now the provider fails. "), Fail(
                "The provider failed.", "server_error", "upstream_error"
            )
        case "close" | "closed":
            return Say(_START + f"now the connection breaks off {_MID}"), Hang(is_clean=False)
        case "cut":
            return Say(_START + f"now the stream ends without an end {_MID}"), Hang(is_clean=True)
        case "slow":
            beats: tuple[Move, ...] = (Wait(1.0), Comment("still working")) * 6
            return *beats, Say("Sorry to keep you waiting. The comments in between said that I was alive.\n")
        case "silence" | "silent":
            return Say(_START + "now I fall silent."), Wait(_SILENCE_S), Hang(is_clean=False)
        case _:
            return (Say(HELP),)

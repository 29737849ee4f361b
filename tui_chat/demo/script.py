"""The answers of the models: a request in, a plan or an error out. No IO, no clock, no randomness."""

import msgspec

from tui_chat.demo import filling, flaky, guide, thinker, tools, writer
from tui_chat.demo.asked import Asked
from tui_chat.demo.catalogue import STAND_INS, DemoModel
from tui_chat.demo.plan import HttpError, Plan, Say
from tui_chat.manual import Page

_STAND_INS = frozenset(model.id for model in STAND_INS)


def answer(model: DemoModel, asked: Asked, pages: tuple[Page, ...], attempt: int) -> Plan | HttpError:
    """Answer a request; `attempt` counts, from 1, how often this client has sent this question."""
    refusal = _refused_input(model, asked)
    if refusal:
        return refusal
    if asked.schema is not None and model.id != "demo/flaky":
        return Plan((Say(_json(asked)),))
    match model.id:
        case "demo/guide":
            questions = sum(message.role == "user" for message in asked.messages)
            return guide.answer(asked.prompt, pages, is_first=questions <= 1)
        case "demo/thinker":
            return thinker.answer(asked.prompt, asked.effort)
        case "demo/tools":
            return tools.answer(asked, shows_ways=True)
        case "demo/flaky":
            return flaky.rest(asked.begun) if asked.begun else flaky.answer(asked.prompt, attempt)
        case "demo/fast":
            return Plan((Say(_written(asked)),), tokens_per_s=None, first_s=0.0)
        case _ if model.id in _STAND_INS and asked.tools and asked.tool_choice != "none":
            return tools.answer(asked)
        case _:
            return Plan((Say(_written(asked)),))


def _refused_input(model: DemoModel, asked: Asked) -> HttpError | None:
    taken = {block for kind in model.input_modalities for block in (kind, f"{kind}_url", f"input_{kind}")}
    for message in asked.messages:
        for kind in message.attachments:
            if kind not in taken:
                takes = ", ".join(model.input_modalities)
                text = f"{model.id} does not take '{kind}' blocks; it takes: {takes}."
                return HttpError(400, text, "invalid_request_error", "unsupported_content")
    return None


def _written(asked: Asked) -> str:
    count = sum(len(message.attachments) for message in asked.messages if message.role == "user")
    seen = f"*{count} attachment{'s' if count > 1 else ''} received. I am a script, so I cannot look inside.*\n\n"
    text = (seen if count else "") + writer.write(asked.prompt)
    if not asked.begun:
        return text
    return text[len(asked.begun) :] or "\n" if text.startswith(asked.begun) else f"\n\n{text}"


def _json(asked: Asked) -> str:
    schema = asked.schema or {
        "type": "object",
        "properties": {"topic": {"type": "string"}, "is_demo": {"type": "boolean"}},
        "required": ["topic", "is_demo"],
    }
    return msgspec.json.encode(filling.fill(schema, asked.prompt)).decode()

"""The scripted models and their prices.

Prices are made up, but of the right size. Costs are computed in Decimal, so that a bill is tokens × price to the last
digit.
"""

from decimal import Decimal

import msgspec

_CHAT_PARAMETERS = ("max_tokens", "max_completion_tokens", "stop", "response_format", "stream_options")
_WRITES_ON: tuple[str, ...] = (*_CHAT_PARAMETERS, "prefill")
"""Of models that go on with an answer that stands last, from its last letter."""


class DemoModel(msgspec.Struct, frozen=True):
    """One row of the catalogue."""

    id: str
    name: str
    description: str
    prompt_usd: Decimal
    """Dollars per token read."""
    completion_usd: Decimal
    """Dollars per token written."""
    context_tokens: int = 128_000
    input_modalities: tuple[str, ...] = ("text",)
    supported_parameters: tuple[str, ...] = _CHAT_PARAMETERS

    @property
    def is_free(self) -> bool:
        """It costs nothing, so it answers without a balance."""
        return self.prompt_usd == 0 and self.completion_usd == 0

    def cost_usd(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """Compute the cost of an answer of this size."""
        return prompt_tokens * self.prompt_usd + completion_tokens * self.completion_usd


MODELS: tuple[DemoModel, ...] = (
    DemoModel(
        "demo/guide",
        "Guide",
        "Answers questions about this program from its manual. Free.",
        Decimal(0),
        Decimal(0),
        context_tokens=32_000,
    ),
    DemoModel(
        "demo/writer",
        "Writer",
        "Long Markdown with headings, lists, tables and code in several languages. Ask for a length: “2000 words”.",
        Decimal("0.00000015"),
        Decimal("0.0000006"),
        input_modalities=("text", "image", "file", "audio"),
        supported_parameters=_WRITES_ON,
    ),
    DemoModel(
        "demo/thinker",
        "Thinker",
        "Thinks first, then answers. Does arithmetic and shows each step.",
        Decimal("0.0000011"),
        Decimal("0.0000044"),
        context_tokens=200_000,
        supported_parameters=(*_CHAT_PARAMETERS, "reasoning", "reasoning_effort"),
    ),
    DemoModel(
        "demo/tools",
        "Tools",
        "Calls the tools it is offered, else its own. Say interleaved, code, fault, stalled or loop; hello lists all.",
        Decimal("0.0000005"),
        Decimal("0.0000015"),
        supported_parameters=(*_CHAT_PARAMETERS, "tools", "tool_choice", "parallel_tool_calls"),
    ),
    DemoModel(
        "demo/flaky",
        "Flaky",
        "Fails on request: say 429, 500, error, close, cut, slow or silence, with “always” to keep failing.",
        Decimal("0.0000001"),
        Decimal("0.0000004"),
        supported_parameters=_WRITES_ON,
    ),
    DemoModel(
        "demo/fast",
        "Fast",
        "The writer without a pause between tokens.",
        Decimal("0.00000005"),
        Decimal("0.0000002"),
        input_modalities=("text", "image", "file"),
        supported_parameters=_WRITES_ON,
    ),
)

STAND_INS: tuple[DemoModel, ...] = tuple(
    DemoModel(
        model_id,
        f"{model_id} (stand-in)",
        "Stands in for the model named in the service's code samples, so that they run as printed. Not that model.",
        Decimal("0.00000015"),
        Decimal("0.0000006"),
        supported_parameters=(*_CHAT_PARAMETERS, "tools", "tool_choice", "parallel_tool_calls"),
    )
    for model_id in ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4")
)
"""Models that answer to their name but are not listed, since they are not what they are called."""

_BY_ID = {model.id: model for model in MODELS + STAND_INS}


def find(model_id: str) -> DemoModel | None:
    """Find the model with this id; None where there is none."""
    return _BY_ID.get(model_id)

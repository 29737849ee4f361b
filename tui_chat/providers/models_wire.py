"""The answer of `GET /models`, in every shape that gateways give it.

`{"data": […]}`, `{"models": […]}` or a bare array; ids under `id`, `model` or `name`; prices and contexts in the row
or in objects of it. Rows that make no sense are skipped, unknown fields ignored, and what is missing stays unknown.
Source: the service's facts, "Endpoints".
"""

from collections.abc import Mapping
from decimal import Decimal

from tui_chat.core.errors import Failure
from tui_chat.core.models import ModelInfo
from tui_chat.core.sanitize import without_surrogates
from tui_chat.providers.failures import failure_in_stream
from tui_chat.providers.model_kinds import kind_of_model
from tui_chat.providers.openai_chunks import is_error
from tui_chat.providers.openai_wire import UNREADABLE, read_json
from tui_chat.providers.prices_wire import read_price

MAX_MODELS = 50_000
_MAX_ID = 300
_MAX_TEXT = 4_000
_MAX_LIST = 100

_CONTEXT = (
    "context_length", "context_window", "max_model_len", "max_context_length", "context_size", "max_input_tokens",
    "loaded_context_length", "availableContextTokens", "contextLength", "n_ctx",
)  # fmt: skip
"""How many tokens a model takes, by any of its names. `n_ctx` is the window that llama.cpp runs with; `n_ctx_train`,
that of its training, is none that can be used."""
_NESTED = ("top_provider", "meta", "metadata", "model_spec", "model_info", "limits")
"""Objects of a row that hold what other lists have in the row: OpenRouter, llama.cpp, DeepInfra, Venice, LiteLLM."""


def read_models(body: bytes) -> tuple[ModelInfo, ...] | None:
    """The models in the gateway's order, each id once; None where the body is no list of models."""
    try:
        value = read_json(body)
    except UNREADABLE:
        return None
    if isinstance(value, dict):
        value = next((value[name] for name in ("data", "models") if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        return None
    models: dict[str, ModelInfo] = {}
    for row in value[:MAX_MODELS]:
        model = _model({"id": row} if isinstance(row, str) else row)
        if model is not None:
            models.setdefault(model.id, model)
    return tuple(models.values())


def read_failure(body: bytes) -> Failure | None:
    """The error that came where a list was due, for some answer 200 to everything; None where it is none."""
    try:
        value = read_json(body)
    except UNREADABLE:
        return None
    return failure_in_stream(value) if isinstance(value, dict) and is_error(value) else None


def _model(row: object) -> ModelInfo | None:
    if not isinstance(row, dict):
        return None
    id_ = next((text for name in ("id", "model", "name") if (text := _text(row.get(name)))), "")
    if not id_ or len(id_) > _MAX_ID or not id_.isprintable():
        return None
    architecture = row.get("architecture")
    shape = architecture if isinstance(architecture, dict) else {}
    modalities = shape.get("input_modalities") or row.get("input_modalities") or row.get("modalities")
    output = _names(shape.get("output_modalities") or row.get("output_modalities"))
    places = _places(row)
    return ModelInfo(
        id=id_,
        name=_text(row.get("name")),
        description=_text(row.get("description")),
        created=_count(row, "created"),
        owned_by=_text(row.get("owned_by")),
        context_tokens=next((count for place in places if (count := _count(place, *_CONTEXT))), None),
        price=read_price(places),
        input_modalities=_names(modalities) or _named_before_arrow(shape.get("modality")),
        supported_parameters=_names(row.get("supported_parameters")),
        kind=kind_of_model(id_, row, output or _named_after_arrow(shape.get("modality"))),
    )


def _places(row: dict[str, object]) -> list[dict[str, object]]:
    """The row, and the objects in it that say more of the model: of several providers (Hugging Face) those that are
    live come first."""
    providers = row.get("providers")
    hosts = [host for host in providers[:_MAX_LIST] if isinstance(host, dict)] if isinstance(providers, list) else []
    hosts.sort(key=lambda host: host.get("status", "live") != "live")
    nested = [value for name in _NESTED if isinstance(value := row.get(name), dict)]
    return [row, *nested, *hosts]


def _text(value: object) -> str:
    return without_surrogates(value[:_MAX_TEXT]).strip() if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = value.get("input")
    if not isinstance(value, list):
        return ()
    return tuple(text for item in value[:_MAX_LIST] if (text := _text(item)) and len(text) <= 100)


def _named_before_arrow(value: object) -> tuple[str, ...]:
    """`text+image->text`."""
    text = _text(value)
    return tuple(text.partition("->")[0].split("+")[:_MAX_LIST]) if "->" in text else ()


def _named_after_arrow(value: object) -> tuple[str, ...]:
    """`text->image`."""
    text = _text(value)
    return tuple(text.partition("->")[2].split("+")[:_MAX_LIST]) if "->" in text else ()


def _count(row: Mapping[str, object], *names: str) -> int | None:
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            continue
        number = Decimal(value)
        if number.is_finite() and 0 < number < 10**12:
            return int(number)
    return None

"""The answer of `GET /models`, in every shape that gateways give it.

`{"data": […]}`, `{"models": […]}` or a bare array; ids under `id`, `model` or `name`; prices per token or per million
tokens. Rows that make no sense are skipped, unknown fields ignored, and what is missing stays unknown. Source: the
service's facts, "Endpoints".
"""

from collections.abc import Mapping
from decimal import Decimal

from tui_chat.core.models import ModelInfo
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.usage import Price
from tui_chat.providers.openai_wire import UNREADABLE, read_json
from tui_chat.providers.usage_wire import read_usd

MAX_MODELS = 50_000
_MAX_ID = 300
_MAX_TEXT = 4_000
_MAX_LIST = 100
_MILLION = Decimal(1_000_000)
_DEAREST_TOKEN = Decimal("0.001")
"""A thousand dollars per million tokens: where the unit is not said, a figure from here on is meant per million."""

_PER_TOKEN = ("prompt", "input_cost_per_token"), ("completion", "output_cost_per_token")
_PER_MILLION = (
    ("prompt_per_million", "input_per_million", "input_price_per_million", "prompt_price_per_million",
     "input_cost_per_million", "input_per_1m", "prompt_per_1m", "input_per_mtok"),
    ("completion_per_million", "output_per_million", "output_price_per_million", "completion_price_per_million",
     "output_cost_per_million", "output_per_1m", "completion_per_1m", "output_per_mtok"),
)  # fmt: skip
_EITHER = ("input",), ("output",)


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


def _model(row: object) -> ModelInfo | None:
    if not isinstance(row, dict):
        return None
    id_ = next((text for name in ("id", "model", "name") if (text := _text(row.get(name)))), "")
    if not id_ or len(id_) > _MAX_ID or not id_.isprintable():
        return None
    architecture = row.get("architecture")
    shape = architecture if isinstance(architecture, dict) else {}
    modalities = shape.get("input_modalities") or row.get("input_modalities") or row.get("modalities")
    provider = row.get("top_provider")
    return ModelInfo(
        id=id_,
        name=_text(row.get("name")),
        description=_text(row.get("description")),
        created=_count(row, "created"),
        owned_by=_text(row.get("owned_by")),
        context_tokens=_count(row, "context_length", "context_window", "max_model_len", "max_context_length")
        or (_count(provider, "context_length") if isinstance(provider, dict) else None),
        price=_price(row),
        input_modalities=_names(modalities) or _named_before_arrow(shape.get("modality")),
        supported_parameters=_names(row.get("supported_parameters")),
    )


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


def _price(row: Mapping[str, object]) -> Price:
    pricing = row.get("pricing")
    rows = [pricing, row] if isinstance(pricing, dict) else [row]
    return Price(_side(rows, 0), _side(rows, 1))


def _side(rows: list[Mapping[str, object]], side: int) -> Decimal | None:
    """Dollars per token of one side; None where unknown or variable (`"-1"`)."""
    for row in rows:
        for name in _PER_TOKEN[side]:
            if name in row:
                return read_usd(row[name])
        for name in _PER_MILLION[side]:
            if name in row:
                usd = read_usd(row[name])
                return usd / _MILLION if usd is not None else None
    for name in _EITHER[side]:
        usd = read_usd(rows[0].get(name))
        if usd is not None:
            return usd if usd < _DEAREST_TOKEN else usd / _MILLION
    return None

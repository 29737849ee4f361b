"""The answer of `GET /models`, in every shape that gateways give it.

`{"data": […]}`, `{"models": […]}` or a bare array; ids under `id`, `model` or `name`; prices and contexts in the row
or in objects of it. Rows that make no sense are skipped, unknown fields ignored, and what is missing stays unknown.
Source: the service's facts, "Endpoints".
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import islice

from tui_chat.core.errors import Failure
from tui_chat.core.models import ModelInfo
from tui_chat.core.moments import LATEST_TIME
from tui_chat.core.sanitize import without_surrogates
from tui_chat.providers.failures import failure_in_stream
from tui_chat.providers.json_rows import rows_of
from tui_chat.providers.model_abilities import read_abilities
from tui_chat.providers.model_kinds import kind_of_model
from tui_chat.providers.openai_chunks import is_error
from tui_chat.providers.openai_wire import UNREADABLE, read_json
from tui_chat.providers.prices_wire import Prices

MAX_MODELS = 50_000
_MAX_ERROR = 64 * 1024
_MAX_ID = 300
_MAX_TEXT = 4_000
_MAX_LIST = 100
_MAX_WORDS = 2_000
_MAX_LISTS = 500
_MOST = 10**12

_CONTEXT = (
    "context_length", "context_window", "max_model_len", "max_context_length", "context_size", "max_input_tokens",
    "loaded_context_length", "availableContextTokens", "contextLength", "n_ctx",
)  # fmt: skip
"""How many tokens a model takes, by any of its names. `n_ctx` is the window that llama.cpp runs with; `n_ctx_train`,
that of its training, is none that can be used."""
_NESTED = ("top_provider", "meta", "metadata", "model_spec", "model_info", "limits")
"""Objects of a row that hold what other lists have in the row: OpenRouter, llama.cpp, DeepInfra, Venice, LiteLLM."""


def read_models(body: bytes | bytearray, on_row: Callable[[], object] = bool) -> tuple[ModelInfo, ...] | None:
    """The models in the gateway's order, each id once; None where the body is no list of models. One row after the
    other is read, so that no body makes more of itself than its models. `on_row` is called before each: what it raises
    ends the reading."""
    rows = rows_of(body, ("data", "models"))
    if rows is None:
        return None
    models: dict[str, ModelInfo] = {}
    words, prices = _Words(), Prices()
    try:
        for row in islice(rows, MAX_MODELS):
            on_row()
            model = _model({"id": row} if isinstance(row, str) else row, words, prices)
            if model is not None:
                models.setdefault(model.id, model)
    except UNREADABLE:
        return None
    return tuple(models.values())


def read_failure(body: bytes | bytearray) -> Failure | None:
    """The error that came where a list was due, for some answer 200 to everything; None where it is none."""
    if len(body) > _MAX_ERROR:
        return None
    try:
        value = read_json(bytes(body))
    except UNREADABLE:
        return None
    return failure_in_stream(value) if isinstance(value, dict) and is_error(value) else None


class _Words:
    """The words in lists of modalities and parameters, each kept once: a few dozen for all models of a gateway. A list
    of ever new ones is no such list, and the further ones are left out."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._lists: dict[tuple[str, ...], tuple[str, ...]] = {}
        """What lists were read before: most are like the one before."""

    def of(self, value: object) -> tuple[str, ...]:
        """The words of a list; none where it is no list."""
        if not isinstance(value, list) or not value:
            return ()
        items = tuple(value[:_MAX_LIST])
        try:
            read = self._lists.get(items)
        except TypeError:  # there are objects in it
            read = None
        if read is not None:
            return read
        words = tuple(item for item in items if isinstance(item, str) and len(item) <= 100)
        read = tuple(filter(None, (self._kept(text) for word in words if (text := _text(word)))))
        if len(words) == len(items) and len(self._lists) < _MAX_LISTS:
            self._lists[words] = read
        return read

    def _kept(self, word: str) -> str:
        if len(self._known) < _MAX_WORDS:
            return self._known.setdefault(word, word)
        return self._known.get(word, "")


def _model(row: object, words: _Words, prices: Prices) -> ModelInfo | None:
    if not isinstance(row, dict):
        return None
    id_ = _said([row], *_ID)
    if not id_ or len(id_) > _MAX_ID or not id_.isprintable():
        return None
    places = _places(row)
    given, made = (words.of(_modalities(places, *names)) for names in (_GIVEN, _MADE))
    abilities, lacks = read_abilities(places)
    return ModelInfo(
        id=id_,
        name=_said(places, "name", "display_name"),
        description=_said(places, "description"),
        created=_time(row, "created"),
        owned_by=_said(places, "owned_by", "organization", "litellm_provider"),
        context_tokens=_first_count(places, _CONTEXT),
        price=prices.of(places),
        input_modalities=given,
        supported_parameters=words.of(_first_list(places, _PARAMETERS)),
        kind=kind_of_model(id_, row, made, _said(places, "mode")),
        output_modalities=made,
        max_output_tokens=_first_count(places, _LONGEST),
        abilities=abilities,
        lacks=lacks,
    )


_ID = ("id", "model", "model_name", "name")
_PARAMETERS = ("supported_parameters", "supported_openai_params")
_LONGEST = ("max_completion_tokens", "max_output_tokens")
_GIVEN = ("input", 0, "input_modalities", "supported_modalities")
_MADE = ("output", 2, "output_modalities", "supported_output_modalities")
"""Names of the modalities of a side: in `modalities`, on which side of the arrow, and by themselves."""


def _modalities(places: list[dict[str, object]], side: str, place: int, *names: str) -> list[object]:
    """What a model takes or makes: `["text", "image"]`, `{"input": […]}` or `text+image->text`."""
    shapes = [each for place in places if isinstance(each := place.get("architecture"), dict)]
    if found := _first_list([*shapes, *places], names):
        return found
    for each in places:
        both = each.get("modalities")
        if isinstance(both, dict):
            both = both.get(side)
        elif side != "input":
            continue
        if isinstance(both, list) and both:
            return both
    for shape in shapes:
        if "->" in (text := _text(shape.get("modality"))):
            return list(text.partition("->")[place].split("+"))
    return []


def _first_list(places: list[dict[str, object]], names: tuple[str, ...]) -> list[object]:
    for place in places:
        for name in names:
            if name in place and isinstance(found := place[name], list) and found:
                return found
    return []


def _first_count(places: list[dict[str, object]], names: tuple[str, ...]) -> int | None:
    for place in places:
        if (count := _count(place, *names)) is not None:
            return count
    return None


def _said(places: list[dict[str, object]], *names: str) -> str:
    for name in names:
        for place in places:
            if name in place and (text := _text(place[name])):
                return text
    return ""


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


def _time(row: Mapping[str, object], name: str) -> int | None:
    """Seconds since the epoch; None for what no calendar has."""
    seconds = _count(row, name)
    return seconds if seconds is not None and seconds <= LATEST_TIME else None


def _count(row: Mapping[str, object], *names: str) -> int | None:
    for name in names:
        value = row.get(name)
        if type(value) is int:  # as most are, and no bool
            if 0 < value < _MOST:
                return value
            continue
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            continue
        number = Decimal(value)
        if number.is_finite() and 0 < number < _MOST:
            return int(number)
    return None

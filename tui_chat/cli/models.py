"""`tui-chat models`: the catalogue of models."""

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TextIO

from msgspec.structs import replace

from tui_chat.chat.services import Services
from tui_chat.cli.arguments import ModelsArguments
from tui_chat.cli.loading import note
from tui_chat.cli.running import run_listing, say_failure
from tui_chat.cli.table import iso_time, write_json_rows, write_table
from tui_chat.core import figures
from tui_chat.core.errors import ChatError
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.model_finder import ModelFinder
from tui_chat.core.model_query import read_query
from tui_chat.core.models import Ability, Catalog, ModelInfo, ModelKind
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.command_line import CommandLine
from tui_chat.workspace.model_records import ModelRecord, ModelRecords, read_records
from tui_chat.workspace.speeds import ModelSpeed


def run_models(line: CommandLine, arguments: ModelsArguments) -> int:
    """Print every model that fits the words, and return the exit status."""
    return run_listing(line, lambda services: _list_models(services, sys.stdout, arguments))


async def _list_models(services: Services, out: TextIO, arguments: ModelsArguments) -> int:
    catalog = await services.catalog.read(refresh=arguments.refresh)
    records = await _records(services)
    finder = ModelFinder(catalog.offered, now=services.clock.now())
    finder.rank_by_speed(records.fastest_first)
    query = replace(read_query(" ".join(arguments.words)), shows_all=True)
    models = [finder.models[place] for place in finder.find(query)]
    if arguments.as_json:
        write_json_rows(out, (_object(model, records.of(model.id)) for model in models))
    elif models or not catalog.models:
        _write_rows(out, models, records)
    else:
        words = sanitize_line(" ".join(arguments.words))
        note(f"None of {figures.counted(len(catalog.models), 'model')} fits “{words}”.")
    return _say_age(services, catalog, is_refresh=arguments.refresh)


async def _records(services: Services) -> ModelRecords:
    try:
        return await read_records(services)
    except ChatError:  # the list needs no store
        return ModelRecords()


def _write_rows(out: TextIO, models: Sequence[ModelInfo], records: ModelRecords) -> None:
    rows = [
        (
            model.id if model.kind is ModelKind.CHAT else f"{model.id} ({model.kind.value})",
            figures.tokens(model.context_tokens),
            figures.price_of(model.price.prompt_usd, model.price),
            figures.price_of(model.price.completion_usd, model.price),
            *([records.rate(model.id)] if records.rate_name else ()),
        )
        for model in models
    ]
    rate = [records.rate_name.upper()] if records.rate_name else []
    write_table(out, ("MODEL", "CONTEXT", "INPUT/M", "OUTPUT/M", *rate), rows, right=(1, 2, 3, 4)[: 3 + len(rate)])


def _say_age(services: Services, catalog: Catalog, *, is_refresh: bool) -> int:
    """Say how old the list is where the gateway gave none, and return the exit status: that of the failure where a
    fresh list was asked for."""
    if catalog.failure is None or catalog.fetched_at is None:
        return 0
    status = say_failure(catalog.failure)
    age = figures.age(services.clock.now() - catalog.fetched_at)
    note(f"The list is an old one, of {iso_time(catalog.fetched_at)} ({age}).")
    return status if is_refresh else 0


def _object(model: ModelInfo, record: ModelRecord) -> JsonObject:
    return {
        "id": model.id,
        "name": model.name or None,
        "kind": model.kind.value,
        "context_tokens": model.context_tokens,
        "input_usd_per_million": _per_million(model.price.prompt_usd),
        "output_usd_per_million": _per_million(model.price.completion_usd),
        "input_modalities": list(model.input_modalities),
        "supported_parameters": list(model.supported_parameters),
        "provider": model.owned_by or None,
        "description": model.description or None,
        "created": iso_time(model.created) if model.created is not None else None,
        "max_output_tokens": model.max_output_tokens,
        "output_modalities": list(model.output_modalities),
        "abilities": {ability.value: model.has(ability) for ability in Ability},
        "cached_input_usd_per_million": _per_million(model.price.cached_usd),
        "cache_write_usd_per_million": _per_million(model.price.cache_write_usd),
        "reasoning_usd_per_million": _per_million(model.price.reasoning_usd),
        "request_usd": _plain(model.price.request_usd),
        "picture_usd": _plain(model.price.image_usd),
        "long_context_prices": [
            {
                "from_tokens": tier.from_tokens,
                "input_usd_per_million": _per_million(tier.prompt_usd),
                "output_usd_per_million": _per_million(tier.completion_usd),
                "cached_input_usd_per_million": _per_million(tier.cached_usd),
            }
            for tier in model.price.tiers
        ],
        "tokens_per_s_today": _rate(record.today),
        "tokens_per_s_30_days": _rate(record.lately),
    }


def _rate(speed: ModelSpeed | None) -> float | None:
    return None if speed is None or speed.tokens_per_s is None else round(speed.tokens_per_s, 1)


def _per_million(usd_per_token: Decimal | None) -> str | None:
    return None if usd_per_token is None else _plain(usd_per_token * 1_000_000)


def _plain(usd: Decimal | None) -> str | None:
    """Write an amount as a decimal string without an exponent or trailing zeros; None where unknown."""
    if usd is None:
        return None
    text = f"{usd:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

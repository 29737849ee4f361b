"""The facts of answers as rows, and rows as those."""

import sqlite3
from decimal import Decimal

import msgspec

from tui_chat.core.answer import AnswerInfo, Fallback, Timing
from tui_chat.core.errors import Failure
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.store.integers import bounded_counts, counts_in
from tui_chat.store.typed import typed


class Writer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who wrote an answer last, and when."""

    host: str
    pid: int
    written_at: float
    """Seconds since the epoch, UTC."""
    run: str = ""
    """The run of the program, which holds a lock for as long as it lives (`locks`); empty where there can be none."""


class AnswerRow(msgspec.Struct, array_like=True, gc=False):
    """A row of `answers`."""

    node_seq: int
    requested_model: str
    model: str | None
    response_id: str | None
    outcome: Outcome | None
    finish_reason: str | None
    failure: str | None
    has_counts: int
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    reasoning_tokens: int | None
    cached_tokens: int | None
    cache_write_tokens: int | None
    cost_usd: Decimal | None
    cost_source: CostSource | None
    usage_raw: str | None
    first_token_s: float | None
    total_s: float | None
    retries: int
    provider_data: str
    message_data: str
    gateway: str
    left_out: str
    writer_host: str
    writer_pid: int
    written_at: float
    writer_run: str
    entry_id: str
    sampling: str
    has_begun: int
    fell_back: str


ANSWER_COLUMNS = ", ".join(AnswerRow.__struct_fields__)
ANSWER_PLACES = ", ".join("?" * len(AnswerRow.__struct_fields__))
_FAILURE = msgspec.json.Decoder(Failure)
_PROVIDER_DATA = msgspec.json.Decoder(dict[str, str])
_LEFT_OUT = msgspec.json.Decoder(tuple[str, ...])
_FELL_BACK = msgspec.json.Decoder(tuple[Fallback, ...])
_SAMPLING = msgspec.json.Decoder(Sampling)


def read_answer(connection: sqlite3.Connection, seq: int | None) -> AnswerInfo | None:
    """The facts of the answer of this number; None where it is none."""
    row = connection.execute(f"SELECT {ANSWER_COLUMNS} FROM answers WHERE node_seq = ?", (seq,)).fetchone()
    return None if row is None else answer_info(typed(row, AnswerRow))


def answer_row(seq: int, info: AnswerInfo, writer: Writer) -> AnswerRow:
    """The facts of the answer of this number as a row."""
    counts = bounded_counts(info.counts or TokenCounts())
    return AnswerRow(
        seq,
        without_surrogates(info.requested_model),
        _clean(info.model),
        _clean(info.response_id),
        info.outcome,
        _clean(info.finish_reason),
        json_text(info.failure) if info.failure else None,
        info.counts is not None,
        counts.prompt_tokens,
        counts.completion_tokens,
        counts.total_tokens,
        counts.reasoning_tokens,
        counts.cached_tokens,
        counts.cache_write_tokens,
        info.cost.usd if info.cost else None,
        info.cost.source if info.cost else None,
        _clean(info.usage_raw),
        info.timing.first_token_s,
        info.timing.total_s,
        info.retries,
        json_text(info.provider_data),
        json_text(info.message_data),
        without_surrogates(info.gateway),
        json_text(info.left_out),
        writer.host,
        writer.pid,
        writer.written_at,
        writer.run,
        info.entry_id,
        "" if info.sampling is None else json_text(info.sampling),
        info.has_begun,
        json_text(info.fell_back),
    )


def _clean(text: str | None) -> str | None:
    return None if text is None else without_surrogates(text)


def answer_info(row: AnswerRow) -> AnswerInfo:
    """The facts in a row."""
    return AnswerInfo(
        requested_model=row.requested_model,
        model=row.model,
        response_id=row.response_id,
        outcome=row.outcome,
        finish_reason=row.finish_reason,
        failure=_FAILURE.decode(row.failure) if row.failure else None,
        counts=counts_in(row) if row.has_counts else None,
        cost=None if row.cost_usd is None or row.cost_source is None else Cost(row.cost_usd, row.cost_source),
        usage_raw=row.usage_raw,
        timing=Timing(row.first_token_s, row.total_s),
        retries=row.retries,
        provider_data=_fields(row.provider_data),
        message_data=_fields(row.message_data),
        gateway=row.gateway,
        left_out=() if row.left_out == "[]" else _LEFT_OUT.decode(row.left_out),
        entry_id=row.entry_id,
        sampling=_SAMPLING.decode(row.sampling) if row.sampling else None,
        has_begun=bool(row.has_begun),
        fell_back=() if row.fell_back == "[]" else _FELL_BACK.decode(row.fell_back),
    )


def _fields(data: str) -> dict[str, str]:
    return {} if data == "{}" else _PROVIDER_DATA.decode(data)

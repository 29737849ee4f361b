"""What was had of each model: sums of all time, and which was the fastest today."""

from datetime import UTC, datetime
from decimal import Decimal

from tui_chat.chat.ledger import LedgerKind, ModelSum, Speed
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.usage import Spending
from tui_chat.workspace.model_records import ModelRecords, records_of

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
CATALOG = Catalog((ModelInfo("gpt-4o"), ModelInfo("claude"), ModelInfo("llama")))


def records(*speeds: Speed) -> ModelRecords:
    spent = (ModelSum("claude", "", LedgerKind.ANSWER, Spending(14, Decimal("0.12"))),)
    return records_of(spent, speeds, CATALOG, NOON)


def test_those_of_today_come_before_those_of_other_days_and_those_before_the_rest() -> None:
    found = records(
        Speed(NOON - DAY_S, "llama", 0.1, 900.0), Speed(NOON, "claude", 0.31, 41.0), Speed(NOON, "gpt-4o", 0.2, 88.0)
    )

    assert found.fastest_first == ("gpt-4o", "claude", "llama")
    assert (found.rate_name, found.rate("llama"), found.rate_words("claude")) == (
        "tok/s today",
        "–",
        "41 tokens a second today",
    )
    assert found.of("claude").words == "14 answers · $0.12 · 41 tok/s today · first 0.31 s"
    assert found.of("never asked").words == ""


def test_where_none_was_measured_today_the_last_days_count_and_are_named() -> None:
    found = records(Speed(NOON - DAY_S, "llama", 0.1, 900.0))

    assert (found.rate_name, found.rate("llama")) == ("tok/s 30 days", "900")
    assert records().rate_name == ""


def test_an_answer_under_a_name_that_is_not_listed_counts_for_the_model_that_was_asked() -> None:
    found = records(
        Speed(NOON, "gpt-4o-2024-08-06", 0.2, 88.0, requested_model="gpt-4o"),
        Speed(NOON, "claude", 0.2, 40.0, requested_model="gpt-4o"),
    )

    assert found.fastest_first == ("gpt-4o", "claude")

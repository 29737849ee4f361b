"""What this person had of each model: what was spent on it, and how fast it was."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from tui_chat.chat.ledger import ModelSum, Speed
from tui_chat.chat.services import Services
from tui_chat.core import figures
from tui_chat.core.models import Catalog
from tui_chat.core.usage import Spending
from tui_chat.workspace.speeds import ModelSpeed, by_model, fastest, in_speed, model_words, rate_words, since_today
from tui_chat.workspace.spending_report import LOOK_BACK_DAYS, first_day


class ModelRecord(msgspec.Struct, frozen=True):
    """What was had of one model."""

    spending: Spending = Spending()
    today: ModelSpeed | None = None
    """How fast it was today; None where it was not measured."""
    lately: ModelSpeed | None = None
    """The same over the last days."""
    speed_words: str = ""
    """How fast it was, in full; empty where it was never measured."""

    @property
    def words(self) -> str:
        """`14 answers · $0.12 · 88 tok/s today · first 0.31 s`; empty where nothing was asked."""
        if not self.spending.answers:
            return ""
        said = [figures.counted(self.spending.answers, "answer"), figures.total_cost(self.spending, is_exact=True)]
        for speed, when in ((self.today, "today"), (self.lately, f"over {LOOK_BACK_DAYS} days")):
            if speed is not None:
                first = figures.seconds(speed.first_token_s)
                said.append(f"{rate_words(speed.tokens_per_s)} tok/s {when} · first {first}")
                break
        return " · ".join(said)


class ModelRecords(msgspec.Struct, frozen=True):
    """What was had of all models that were ever asked, by their ids."""

    by_id: Mapping[str, ModelRecord] = MappingProxyType({})
    fastest_first: tuple[str, ...] = ()
    """Ids of those that were measured: those of today before those of the last days."""
    fastest: str | None = None
    """The fastest of today, where several were measured."""

    def of(self, model_id: str) -> ModelRecord:
        """What was had of a model; nothing where it was never asked."""
        return self.by_id.get(model_id, _NOTHING)

    @property
    def is_of_today(self) -> bool:
        """Some were measured today."""
        return any(record.today is not None for record in self.by_id.values())

    @property
    def rate_name(self) -> str:
        """What `rate` is: `tok/s today`, or of the last days where today none was measured; empty where none ever
        was."""
        if not self.fastest_first:
            return ""
        return "tok/s today" if self.is_of_today else f"tok/s {LOOK_BACK_DAYS} days"

    def rate_words(self, model_id: str) -> str:
        """How fast a model was, as part of a sentence: `88 tokens a second today`; empty where that is not known."""
        rate = self.rate(model_id)
        when = "today" if self.is_of_today else f"over {LOOK_BACK_DAYS} days"
        return "" if rate == figures.UNKNOWN else f"{rate} tokens a second {when}"

    def rate(self, model_id: str) -> str:
        """Tokens per second of a model, a dash where they are not known."""
        record = self.of(model_id)
        speed = record.today if self.is_of_today else record.lately
        return rate_words(speed.tokens_per_s if speed else None)


_NOTHING: Final = ModelRecord()


async def read_records(services: Services) -> ModelRecords:
    """Read what was had of each model so far.

    Raises:
        StoreError: it cannot be read.
    """
    now = services.clock.now()
    spent, speeds = await services.store.spent_by_model(), await services.store.speeds(first_day(now, LOOK_BACK_DAYS))
    return records_of(spent, speeds, services.catalog.known(), now)


def records_of(spent: Iterable[ModelSum], speeds: Iterable[Speed], catalog: Catalog, now: float) -> ModelRecords:
    """What was had of each model. A gateway may answer with a name that its list does not have (`gpt-4o-2024-08-06` for
    `gpt-4o`): such a speed is that of the model that was asked. `now` is in seconds since the epoch."""
    named = [_by_its_listed_name(speed, catalog) for speed in speeds]
    of_today = since_today(named, now)
    today, lately = by_model(of_today), by_model(named)
    sums: dict[str, Spending] = {}
    for row in spent:
        sums[row.model] = sums.get(row.model, Spending()).and_also(row.spending)
    records = {
        model: ModelRecord(
            sums.get(model, Spending()), today.get(model), lately.get(model), model_words(today, lately, model)
        )
        for model in dict.fromkeys((*sums, *lately))
    }
    return ModelRecords(records, in_speed(today, lately), fastest(today))


def _by_its_listed_name(speed: Speed, catalog: Catalog) -> Speed:
    if not speed.requested_model or catalog.get(speed.model) or not catalog.get(speed.requested_model):
        return speed
    return msgspec.structs.replace(speed, model=speed.requested_model)

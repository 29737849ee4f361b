"""How fast models answer: the time to the first token, and tokens per second while they write.

Each is a median, so that one slow answer among many changes nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from statistics import median

import msgspec

from tui_chat.chat.ledger import Speed
from tui_chat.core import figures
from tui_chat.core.moments import local_moment
from tui_chat.core.search_query import start_of
from tui_chat.workspace.spending_report import LOOK_BACK_DAYS


class ModelSpeed(msgspec.Struct, frozen=True):
    """How fast a model answered."""

    answers: int
    first_token_s: float
    """The median."""
    tokens_per_s: float | None
    """The median; None where it was never measured."""

    @property
    def words(self) -> str:
        """`88 tok/s · first 0.31 s`."""
        return f"{rate_words(self.tokens_per_s)} tok/s · first {figures.seconds(self.first_token_s)}"


def rate_words(tokens_per_s: float | None) -> str:
    """`88`, or a dash."""
    return figures.UNKNOWN if tokens_per_s is None else f"{tokens_per_s:.0f}"


def by_model(speeds: Iterable[Speed]) -> dict[str, ModelSpeed]:
    """The speed of each model."""
    answers: dict[str, list[Speed]] = {}
    for speed in speeds:
        answers.setdefault(speed.model, []).append(speed)
    return {model: _speed(each) for model, each in answers.items()}


def _speed(answers: list[Speed]) -> ModelSpeed:
    rates = [each.tokens_per_s for each in answers if each.tokens_per_s is not None]
    first = median(each.first_token_s for each in answers)
    return ModelSpeed(len(answers), first, median(rates) if rates else None)


def fastest(speeds: Mapping[str, ModelSpeed]) -> str | None:
    """The model that wrote fastest; None where fewer than two were measured."""
    measured = {model: speed.tokens_per_s for model, speed in speeds.items() if speed.tokens_per_s is not None}
    return max(measured, key=lambda model: measured[model]) if len(measured) > 1 else None


def in_speed(today: Mapping[str, ModelSpeed], lately: Mapping[str, ModelSpeed]) -> tuple[str, ...]:
    """Ids of the models that were measured, the fastest first: those of today before those of the last days."""

    def slowness(model: str) -> tuple[float, float]:
        rates = (each[model].tokens_per_s if model in each else None for each in (today, lately))
        first, then = (-(rate or 0.0) for rate in rates)
        return first, then

    return tuple(sorted((model for model in lately if slowness(model) != (0.0, 0.0)), key=slowness))


def since_today(speeds: Iterable[Speed], now: float) -> list[Speed]:
    """Those of today."""
    began = start_of(local_moment(now).date())
    return [speed for speed in speeds if speed.at >= began]


def days_words(speeds: Iterable[Speed], model: str) -> str:
    """How fast a model wrote from day to day: `▃▅█ 40 to 88 tok/s on 3 days`; empty where that is known of one day at
    most."""
    by_day: dict[str, list[float]] = {}
    for speed in speeds:
        if speed.model == model and speed.tokens_per_s is not None:
            by_day.setdefault(f"{local_moment(speed.at):%F}", []).append(speed.tokens_per_s)
    if len(by_day) < 2:
        return ""
    rates = [median(each) for each in by_day.values()]
    line = figures.sparkline(Decimal(rate) for rate in rates)
    return f"{line} {min(rates):.0f} to {max(rates):.0f} tok/s on {len(rates)} days"


def model_words(today: Mapping[str, ModelSpeed], lately: Mapping[str, ModelSpeed], model: str) -> str:
    """How fast a model writes: `88 tok/s today, the fastest of today · 74 tok/s · first 0.31 s over 30 days`;
    empty where that was never measured. `today` and `lately` have all models that were measured then."""
    said = []
    if model in today:
        is_first = ", the fastest of today" if fastest(today) == model else ""
        said.append(f"{rate_words(today[model].tokens_per_s)} tok/s today{is_first}")
    if model in lately:
        said.append(f"{lately[model].words} over {LOOK_BACK_DAYS} days")
    return " · ".join(said)

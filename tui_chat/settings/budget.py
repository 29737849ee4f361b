"""The table `[budget]` of the settings: US dollars, as TOML has them."""

from collections.abc import Mapping
from decimal import Decimal

from tui_chat.core.budget import Budget, Scope
from tui_chat.settings.problem import Fault

AMOUNT_ALLOWED = "an amount of US dollars from 0 to 1000000, like 1.50"
_LARGEST_USD = 1_000_000


def read_amount(value: object) -> Decimal | None:
    """An amount, exactly as it is written; None where it is none. A text is taken too, with or without `$`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    text = str(value).strip().removeprefix("$")
    if len(text) > 40:
        return None
    try:
        usd = Decimal(text)
    except ArithmeticError:
        return None
    return usd if usd.is_finite() and 0 <= usd <= _LARGEST_USD else None


def plain_amount(usd: Decimal) -> float | str:
    """An amount as a file of settings has it: a number where that is exact, else a text."""
    number = float(usd)
    return number if Decimal(str(number)) == usd else str(usd)


def read_budget(value: object) -> Budget | None:
    """The budgets of a table; None where it is none, or has something that is none."""
    if isinstance(value, Budget):
        return value
    if not isinstance(value, Mapping) or any(judge_budget(name, amount) for name, amount in value.items()):
        return None
    return Budget(**{str(name): read_amount(amount) for name, amount in value.items()})


def judge_budget(name: str, value: object) -> tuple[Fault, ...]:
    """The faults of one line of the table."""
    if name not in set(Scope):
        return (Fault((), f"is no budget; there are {', '.join(Scope)}"),)
    return () if read_amount(value) is not None else (Fault((), f"must be {AMOUNT_ALLOWED}"),)

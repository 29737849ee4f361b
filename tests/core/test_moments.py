"""Numbers from outside as moments: any number has one, and nothing else makes dates of numbers."""

import math
import re
from pathlib import Path

import pytest

import tui_chat
from tui_chat.chat.ledger import Spent
from tui_chat.cli.table import iso_time, local_time
from tui_chat.core.days import Days, brief_time, whole_time
from tui_chat.core.moments import LATEST_TIME, local_moment, utc_moment
from tui_chat.core.search_query import read_query
from tui_chat.core.timestamps import MessageTimes, Timestamps
from tui_chat.core.usage import Spending
from tui_chat.workspace.spending_report import summed_up

YEAR_10000 = 253_402_300_800.0
KINDS = (0.0, -1.0, math.nan, math.inf, -math.inf, 1e18, YEAR_10000)
NOW = 1_795_000_000.0


@pytest.mark.parametrize("seconds", KINDS)
def test_any_number_has_a_date_and_is_told_summed_up_and_searched_by_it(seconds: float) -> None:
    expected = 9987 if seconds > LATEST_TIME else 1970
    assert utc_moment(seconds).year == expected
    assert abs(local_moment(seconds).year - expected) <= 1
    assert iso_time(seconds).startswith(str(expected))
    assert local_time(seconds)
    assert Days(NOW).heading(seconds)
    assert Days(seconds).heading(NOW)
    assert whole_time(seconds, NOW)
    assert brief_time(NOW, seconds)
    assert MessageTimes(Timestamps.ABSOLUTE, lambda: seconds).stamp(NOW)
    row = Spent(seconds, "c", "Talk", (), "m", "", Spending(answers=1))
    assert [each.spending.answers for word in ("day", "month") for each in summed_up([row, row], word)] == [2, 2]
    assert not read_query("since:monday until:7d", seconds).problems


def test_numbers_become_dates_in_one_place() -> None:
    made = re.compile(r"fromtimestamp|(gm|local)time\([^)]|import .*gmtime")
    package = Path(tui_chat.__file__).parent
    found = [file.name for file in package.rglob("*.py") if made.search(file.read_text("utf-8"))]
    assert found == ["moments.py"]

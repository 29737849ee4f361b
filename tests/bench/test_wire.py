"""The benchmark runs: its readers agree on the text and its tables are whole. What it measures is not judged here."""

import pytest

from tests.bench import wire
from tests.bench.readers import READERS


def test_the_quick_benchmark_measures_every_reader(capsys: pytest.CaptureFixture[str]) -> None:
    assert wire.main(["--quick"]) == 0

    printed = capsys.readouterr().out
    for name in READERS:
        assert printed.count(f"  {name} ") == 4
    for section in ("Bytes to folded reply", "Cost of a chunk", "Memory for"):
        assert section in printed

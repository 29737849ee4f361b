"""The benchmark runs: its readers agree on the text and its tables are whole. What it measures is not judged here."""

import pytest

from tests.bench import wire
from tests.bench.corpus import corpus, cut_at_random
from tests.bench.readers import READERS
from tests.bench.wire import SDK


@pytest.mark.parametrize("name", [name for name in READERS if name != SDK])
def test_a_reader_reads_what_was_sent(name: str) -> None:
    stream = corpus(20, 40)
    assert READERS[name](stream, cut_at_random(stream.body, stream.event_bytes)) == stream.text


@pytest.mark.slow
def test_the_quick_benchmark_measures_every_reader(capsys: pytest.CaptureFixture[str]) -> None:
    assert wire.main(["--quick"]) == 0

    printed = capsys.readouterr().out
    for name in READERS:
        assert printed.count(f"  {name} ") == 4
    for section in ("Bytes to folded reply", "Cost of a chunk", "Memory for"):
        assert section in printed

"""The benchmark of the transcript runs and its tables are whole. What it measures is not judged here."""

import pytest

from tests.bench import transcript
from tests.bench.answers import KINDS, Answer


def test_answers_are_the_same_however_they_are_taken() -> None:
    for kind in KINDS:
        at_once, by_tokens = Answer(kind), Answer(kind)
        assert at_once.take(200) == "".join(by_tokens.take(1) for _ in range(200))


def test_the_quick_benchmark_measures_every_kind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "memory", lambda _: [])
    monkeypatch.setattr(transcript, "KINDS", {"prose": KINDS["prose"]})

    assert transcript.main(["--quick"]) == 0

    printed = capsys.readouterr().out
    for section in ("A frame with one more token", "Beside Textual's Markdown", "At 3,000 tokens", "The whole program"):
        assert section in printed

"""The benchmark of the transcript runs and its tables are whole. What it measures is not judged here."""

from dataclasses import replace

import pytest

from tests.bench import transcript
from tests.bench.answers import KINDS, Answer


def test_answers_are_the_same_however_they_are_taken() -> None:
    for kind in KINDS:
        at_once, by_tokens = Answer(kind), Answer(kind)
        assert at_once.take(200) == "".join(by_tokens.take(1) for _ in range(200))


async def test_frames_are_measured_in_short_and_in_long_answers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "KINDS", {"prose": KINDS["prose"]})

    (target,) = await transcript.frames(replace(transcript.QUICK, short=50, long=100, frames=2))

    assert "prose at 100 tokens" in target.claim
    assert "A frame with one more token" in capsys.readouterr().out


@pytest.mark.slow
def test_the_quick_benchmark_measures_every_kind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "memory", lambda _: [])
    monkeypatch.setattr(transcript, "KINDS", {"prose": KINDS["prose"]})

    assert transcript.main(["--quick"]) == 0

    printed = capsys.readouterr().out
    for section in ("A frame with one more token", "Beside Textual's Markdown", "At 3,000 tokens", "The whole program"):
        assert section in printed

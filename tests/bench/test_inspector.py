"""The benchmark of the inspector runs and its table is whole. What it measures is not judged here."""

import json

import pytest

from tests.bench import inspector


def test_the_arguments_are_as_long_as_they_are_said_to_be() -> None:
    text = inspector.arguments(100_000)
    assert 100_000 <= len(text) < 160_000
    assert set(json.loads(text)) == {"path", "content"}


@pytest.mark.slow
def test_the_quick_benchmark_measures_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert inspector.main(["--quick"]) == 0
    assert "of the last third" in capsys.readouterr().out

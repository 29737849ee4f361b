"""The lock by which other programs see that one lives."""

import fcntl
from pathlib import Path

import pytest

from tui_chat.store.locks import Run, forget_dead


def test_a_run_that_begins_while_another_program_looks_for_dead_ones_is_seen_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flock, looked = tmp_path / "conversations.db", fcntl.flock, list[bool]()

    def looked_at_before(descriptor: int, how: int) -> None:
        if how & fcntl.LOCK_EX and not looked:
            looked.append(forget_dead(path))
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", looked_at_before)
    run = Run(path)
    assert run.id()
    assert looked
    assert Run(path).lives(run.id())
    run.end()
    assert list(tmp_path.iterdir()) == []

"""Copies of conversations that no deletion changes: they are found, whatever made them."""

import os
from pathlib import Path

from tui_chat.store.sqlite import SqliteStore


async def test_copies_of_ours_are_named_with_their_companions_the_oldest_first(tmp_path: Path) -> None:
    names = (
        "conversations.db.format-3.new",
        "conversations.db.corrupt-20261101T000000Z",
        "conversations.db.corrupt-20261101T000000Z-wal",
        ".conversations.db.rescued",
    )
    for at, name in enumerate(names):
        (tmp_path / name).write_text("words")
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "conversations.db.mine").write_text("words")
    (tmp_path / "backup.db").write_text("words")
    copies = await SqliteStore(tmp_path / "conversations.db").copies()
    assert [(copy.path.name, copy.made_at) for copy in copies] == [(name, at) for at, name in enumerate(names)]

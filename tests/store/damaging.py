"""Files as a failing disk leaves them."""

import contextlib
import sqlite3
from pathlib import Path

PAGE = 4096


def root_of(path: Path, table: str) -> int:
    """Number of the first page of a table."""
    if table == "sqlite_master":
        return 1
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    return int(root)


def pages_of(path: Path, table: str) -> list[int]:
    """Numbers of the pages that hold a table's rows."""
    root, data = root_of(path, table), path.read_bytes()
    page = data[(root - 1) * PAGE : root * PAGE]
    head = page[100:] if root == 1 else page
    if head[0] in (0x0D, 0x0A):
        return [root]
    cells = int.from_bytes(head[3:5])
    pointers = [int.from_bytes(head[12 + 2 * n : 14 + 2 * n]) for n in range(cells)]
    return [*(int.from_bytes(page[p : p + 4]) for p in pointers), int.from_bytes(head[8:12])]


def spoil(path: Path, page: int) -> None:
    """Overwrite a page."""
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xde\xad\xbe\xef" * (PAGE // 4))

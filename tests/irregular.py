"""Everything that may stand where a file should: for the tests of whoever reads files."""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final


def sparse(path: Path, size: int) -> None:
    """Make a file of this size that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


def bound_socket(path: Path) -> None:
    """Make a socket file; nobody listens."""
    # The path of a socket may be 107 bytes long at most, which those of tests are not always.
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path.name)
    finally:
        os.chdir(before)


def link_to(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """Make something beside the path, and a link to it."""

    def linked(path: Path) -> None:
        target = path.with_name(f"{path.name}.target")
        make(target)
        path.symlink_to(target)

    return linked


IRREGULAR: Final[Mapping[str, Callable[[Path], None]]] = {
    "a folder": Path.mkdir,
    "a named pipe": os.mkfifo,
    "a socket": bound_socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a folder": link_to(Path.mkdir),
    "a link to a named pipe": link_to(os.mkfifo),
    "a link to a socket": link_to(bound_socket),
    "a link that leads nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "100 MB": lambda path: sparse(path, 100 * 1024 * 1024),
}
"""Makers by name. A device is reached by a link, since only root may make one."""

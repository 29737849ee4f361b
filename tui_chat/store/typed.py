"""Rows of the file as checked values."""

from typing import Any, TypeVar

import msgspec

_RowType = TypeVar("_RowType")


def typed(row: Any, kind: type[_RowType]) -> _RowType:
    """A row of the file as a checked value.

    Raises:
        msgspec.ValidationError: it is not what this program writes.
    """
    return msgspec.convert(row, kind)

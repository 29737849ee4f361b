"""Where a conversation stands among the others: it goes with it into files and comes back out of them."""

import msgspec


class Filed(msgspec.Struct, frozen=True):
    """Its labels, and whether it is in the archive."""

    labels: tuple[str, ...] = ()
    is_archived: bool = False


UNFILED = Filed()

"""The real time, and ids."""

import secrets
import time

_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class SystemClock:
    """The real time."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()


def new_id() -> str:
    """Make an id of twelve characters of Crockford's base 32: 60 random bits, of which the first four characters are
    nearly always enough to type."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(12))

"""What is left of a gateway's limits, as it tells with an answer."""

import msgspec

from tui_chat.core import figures
from tui_chat.core.sanitize import sanitize_line


class LimitLeft(msgspec.Struct, frozen=True, gc=False):
    """One limit, as it stood when the answer began."""

    what: str
    """What is counted, in the gateway's word: `requests`, `tokens`, `input tokens`, `requests a day`."""
    left: int
    of: int | None = None
    """The whole; None where the gateway does not say."""
    whole_in_s: float | None = None
    """Seconds until all of it is there again; None where the gateway does not say."""

    @property
    def is_low(self) -> bool:
        """A tenth or less is left, or nothing."""
        return self.left == 0 or (self.of is not None and self.left * 10 <= self.of)


def limit_words(limit: LimitLeft) -> str:
    """`59 of 60 requests left, all again in 6 min 0 s`, as far as it is known; harmless."""
    count = f"{limit.left:,}" if limit.of is None else f"{limit.left:,} of {limit.of:,}"
    again = "" if limit.whole_in_s is None else f", all again in {figures.seconds(limit.whole_in_s)}"
    return f"{count} {sanitize_line(limit.what, 40)} left{again}"

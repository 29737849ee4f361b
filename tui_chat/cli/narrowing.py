"""The flags that narrow lists and sums, as the same conditions that words of a search have."""

from msgspec.structs import replace

from tui_chat.cli.arguments import Narrowed
from tui_chat.core.search_query import ALL, Filters, end_of, start_of


def narrowed(arguments: Narrowed, filters: Filters = ALL) -> Filters:
    """These conditions and those of the flags. Where both name a day, the flag's counts."""
    return replace(
        filters,
        models=(*filters.models, *(model.lower() for model in arguments.models)),
        since=filters.since if arguments.since is None else start_of(arguments.since),
        until=filters.until if arguments.until is None else end_of(arguments.until),
        labels=(*filters.labels, *(label.removeprefix("#") for label in arguments.labels)),
    )

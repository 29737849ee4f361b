"""The flags that narrow lists and sums, as the same conditions that words of a search have."""

from msgspec.structs import replace

from tui_chat.cli.arguments import HistorySearch, Narrowed
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.search_query import ALL, Filters, end_of, start_of


def narrowed(arguments: Narrowed, filters: Filters = ALL) -> Filters:
    """These conditions and those of the flags. Where both name a day, the flag's counts."""
    return replace(
        filters,
        models=(*filters.models, *(without_surrogates(model).lower() for model in arguments.models)),
        since=filters.since if arguments.since is None else start_of(arguments.since),
        until=filters.until if arguments.until is None else end_of(arguments.until),
        labels=(*filters.labels, *(without_surrogates(label).removeprefix("#") for label in arguments.labels)),
    )


def says_nothing(arguments: HistorySearch) -> bool:
    """Words were given, none of which holds anything, and no flag says what else is looked for."""
    is_narrowed = arguments.models or arguments.since or arguments.until or arguments.labels or arguments.role
    return bool(arguments.words) and not any(map(str.strip, arguments.words)) and not is_narrowed

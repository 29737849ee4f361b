"""What a parse of blocks is told besides its lines: the keys of markdown-it's environment."""

from typing import Final

GOES_ON: Final = "goes_on"
"""The line at which a paragraph or a fence goes on that began before what is parsed."""
NEXT_ITEM: Final = "next_item"
"""The line of a list's next item, until it was found not to be the head of a table."""
IS_WHOLE: Final = "is_whole"
"""Whether nothing follows the lines."""

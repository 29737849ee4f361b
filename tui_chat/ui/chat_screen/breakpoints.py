"""Sizes of the terminal at which the chat screen is arranged otherwise."""

from typing import Final

LOW: Final = 14
"""Rows below which frames and gaps give way to the text."""

"""A command that cannot be done as it was asked."""


class CommandRefused(Exception):
    """Why, in words for the person; what was typed stays where it was."""

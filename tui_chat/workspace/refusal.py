"""The refusal of a command, as an exception."""


class CommandRefused(Exception):
    """A command cannot be carried out. The message gives the reason to the person; what was typed stays typed."""

"""The part of a command line that concerns the settings: made by the parser, read by the loader and wiring."""

from collections.abc import Mapping

import msgspec


class Override(msgspec.Struct, frozen=True):
    """A setting given by a flag."""

    flag: str
    """Long name of the flag, by which messages call it."""
    value: object
    """Value as the parser read it; the setting's rule decides whether it is used."""


class CommandLine(msgspec.Struct, frozen=True):
    """Options that every subcommand shares, as far as they concern the settings."""

    overrides: Mapping[str, Override] = {}
    """Overrides by setting, only those that were given."""
    config_file: str | None = None
    """Path of the settings file; None takes the usual one."""
    gateway: str | None = None
    """Name of the gateway to ask; None where none was chosen."""
    is_temporary: bool = False
    """Nothing may be written to disk."""

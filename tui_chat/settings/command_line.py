"""What a command line says about the settings, as values: the parser makes them, the loader and `wiring` read them."""

from collections.abc import Mapping

import msgspec


class Override(msgspec.Struct, frozen=True):
    """A setting given by a flag."""

    flag: str
    """The flag's long name, as messages call it."""
    value: object
    """As the parser read it; the setting's own rule decides whether it counts."""


class CommandLine(msgspec.Struct, frozen=True):
    """All that counts before a command begins its own work."""

    overrides: Mapping[str, Override] = {}
    """By setting; one that was not given is not in it."""
    config_file: str = ""
    """Empty takes the usual one."""
    is_temporary: bool = False
    """Nothing may be written to disk."""

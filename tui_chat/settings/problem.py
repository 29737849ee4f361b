"""A problem in a settings file, a variable or a flag, as a value: the program reports it and goes on."""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in one entry of a table of the settings file."""

    path: tuple[str, ...]
    """Names below the entry's own; empty where the whole entry is meant."""
    message: str
    """The fault and what is allowed, as one sentence without the place."""
    is_fatal: bool = True
    """The entry cannot be used; else the default counts in its place."""


class Problem(msgspec.Struct, frozen=True):
    """A value that was ignored, or a place that cannot be used. Its texts never hold the API key, and are not yet
    sanitised for display."""

    where: str
    """The file's path, or the name of the variable or flag."""
    line: int | None
    """Line in the file, from 1; None where it is unknown or there is no file."""
    key: str
    """The setting; empty where the whole file is meant."""
    message: str
    """The fault and what is allowed, as one sentence without the place."""
    is_setting: bool = True
    """False: what is wrong is no setting, but a folder or a file of ours."""
    is_advice: bool = False
    """Nothing is worse for it: told in a chat, and not by commands whose output others read."""

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


def with_end(problem: Problem, words: str) -> Problem:
    """The problem, with what follows from it said at the end of its message."""
    return msgspec.structs.replace(problem, message=f"{problem.message.rstrip('.')}; {words}")

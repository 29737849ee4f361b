"""What is wrong in a file or a variable that the user wrote, as a value: the program says it and goes on."""

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that was ignored. All texts are free of the key's secret and not yet sanitised for display."""

    where: str
    """The file's path, or the name of the variable or flag."""
    line: int | None
    """Line in the file, from 1; None where it is not known or there is no file."""
    key: str
    """The setting, or empty where the whole file is meant."""
    message: str
    """What is wrong and what is allowed, as one sentence without the place."""

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"

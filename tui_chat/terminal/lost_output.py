"""Output that is still to be written to a terminal that is gone. Apart from the app: only the end of the program needs
it."""

import os
import sys


def drop_lost_output() -> None:
    """Keep the interpreter from failing, and ending so, at its own flush where the terminal was closed."""
    for stream, file in ((sys.__stdout__, 1), (sys.__stderr__, 2)):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), file)

"""Entry point: parses the command line and runs what it names. Imports little: see `itself`."""

import gc
import os
import sys

from tui_chat.cli.itself import said_of_itself
from tui_chat.cli.streams import OutputLost, before_words, give_up_output, give_up_terminal, make_ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
GC_THRESHOLDS = (200_000, 50, 1_000)
"""Imports make a hundred thousand objects and no garbage: looking for it takes a tenth of their time. A screen looks
more often, since it waits while somebody looks."""


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the program and return its exit status. Without `argv` the process is the program's own, and so are its
    streams and what is told of its crashes.

    Raises:
        SystemExit: 0 after `--help` and `--version`, 2 after wrong use.
    """
    is_own_process = argv is None
    begun = None
    if is_own_process:
        gc.set_threshold(*GC_THRESHOLDS)
        make_ready()
    try:
        try:
            words = sys.argv[1:] if argv is None else argv
            if said := said_of_itself(words):
                sys.stdout.write(said)
                raise SystemExit(0)
            is_chat = not words or words[0].startswith("-")  # other words are looked at by the parser
            if is_own_process and is_chat and sys.platform == "linux":
                from tui_chat.cli.early import begin  # what the program says of itself does without, as it does next

                if begun := begin(words, os.environ):
                    before_words(begun.undo)
            from tui_chat.cli.parser import parse

            invocation = parse(words)
            if is_own_process:
                from tui_chat.crash_report import watch

                watch()
            from tui_chat.cli.dispatch import run  # the help of a subcommand does without

            return run(invocation, begun)
        finally:
            if begun is not None:
                begun.undo()
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OutputLost as lost:
        return give_up_output(lost)
    except OSError as error:
        return give_up_terminal(error)

"""Runs the work of a subcommand without a screen: one coroutine to its end, then the services are closed."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine

from tui_chat.chat.services import Services
from tui_chat.cli.loading import load_with_notes, note
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.sanitize import sanitize
from tui_chat.settings.command_line import CommandLine
from tui_chat.workspace.advice import Audience, advise
from tui_chat.workspace.exit_status import exit_status_for

Work = Coroutine[None, None, int]


def run_listing(line: CommandLine, work: Callable[[Services], Work]) -> int:
    """Run work that prints a list or changes saved conversations; a failure is printed, and gives the exit status."""
    try:
        services = load_with_notes(line).services()
        return run_work(services, work(services))
    except ChatError as error:
        return say_failure(error.failure)


def say_failure(failure: Failure) -> int:
    """Print why a list cannot be had, and what to do, on standard error; return the exit status."""
    print(sanitize(f"tui-chat: {failure.message}\n{advise(failure, Audience.LIST)}"), file=sys.stderr)
    return exit_status_for(failure)


def run_work(services: Services, work: Work) -> int:
    """Run the work and return its exit status; notices of the store are printed as notes."""

    async def run() -> int:
        try:
            return await work
        finally:
            for notice in services.store.notices():
                note(notice)
            await services.close()

    return asyncio.run(run())


def run_until_signal(work: Work) -> int:
    """Run work that may start programs, and return its exit status. SIGINT, SIGTERM and SIGHUP cancel it, so that all
    that it has started ends with it; the status is then 128 plus the signal's number."""

    async def run() -> int:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
        came: list[int] = []

        def stop(number: int) -> None:
            if not came:  # once: it is ending what it started
                came.append(number)
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                loop.add_signal_handler(number, stop, number)
        try:
            return await task
        except asyncio.CancelledError:
            if not came:
                raise
            return 128 + came[0]

    return asyncio.run(run())

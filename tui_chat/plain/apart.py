"""Titles in plain mode: its event loop stands still while a line is read, so a thread asks for them, with a loop of its
own. What came is taken when the chat's own loop runs again.
"""

import asyncio
from collections.abc import Awaitable
from concurrent.futures import Future
from threading import Thread

from tui_chat.chat.titles import GivenTitle, TitleAsking


def run_in_thread(asking: TitleAsking) -> Awaitable[GivenTitle]:
    """Ask for a title in a thread, at once. The end of the program does not wait for it."""
    came: Future[GivenTitle] = Future()
    came.set_running_or_notify_cancel()

    def run() -> None:
        try:
            came.set_result(asyncio.run(asking.run_apart()))
        except BaseException as error:  # noqa: BLE001 - whoever awaits it is told
            came.set_exception(error)

    Thread(target=run, name="title", daemon=True).start()
    return asyncio.wrap_future(came)

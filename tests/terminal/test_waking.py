"""An event that can be waited for as files are."""

import select
import threading

from tui_chat.terminal.waking import WakingEvent


def is_ready(event: WakingEvent) -> bool:
    return bool(select.select([event], [], [], 0)[0])


def test_its_file_can_be_read_while_it_is_set() -> None:
    event = WakingEvent()
    assert not is_ready(event)
    event.set()
    event.set()
    assert event.is_set()
    assert is_ready(event)
    event.clear()
    assert not event.is_set()
    assert not is_ready(event)


def test_who_waits_without_a_limit_is_woken() -> None:
    event = WakingEvent()
    waiting = threading.Thread(target=select.select, args=([event], [], []))
    waiting.start()
    event.set()
    waiting.join(10)
    assert not waiting.is_alive()

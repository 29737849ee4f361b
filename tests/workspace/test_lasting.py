"""How far a work has come: nothing of a short one, and of a long one not too much."""

from tui_chat.workspace.lasting import TOLD_AFTER_S, Lasting


def told(*at: float, every_s: float = 0.2) -> list[float]:
    """The shares that are passed on, of a work that tells the second it is at."""
    now = 0.0
    shares: list[float] = []
    lasting = Lasting(shares.append, every_s=every_s, now=lambda: now)
    for now in at:
        lasting(now)
    return shares


def test_a_work_that_is_soon_done_tells_nothing() -> None:
    assert told(0, 0.1, TOLD_AFTER_S - 0.01) == []


def test_a_work_that_lasts_tells_at_most_so_often() -> None:
    assert told(0.5, 0.6, 0.69, 0.75, 0.8, 1.5) == [0.5, 0.75, 1.5]


def test_where_it_is_told_seldom_the_first_time_is_late_too() -> None:
    assert told(1, 4.9, 5.0, 9.9, 10.1, every_s=5) == [5.0, 10.1]

"""The README's recording is one that players read, and it shows what it is for and today's program.

`python -m tests.ui.recording` makes it anew after a change of looks that was looked at.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.ui.recording.animation import draw
from tests.ui.recording.cast import OUTPUT, Cast, read
from tests.ui.recording.kept import CAST, PICTURE
from tests.ui.recording.looks import Thrift
from tests.ui.recording.story import ARGUMENTS, MOMENTS, STREAMING, Moment, record

LARGEST_BYTES = 400_000
SECONDS = (15, 30)


@pytest.fixture(scope="module")
def kept() -> Cast:
    """The recording that is kept."""
    return read(CAST.read_text())


def screens(cast: Cast, moment: Moment) -> Iterator[str]:
    """What is on the screen during a part of the recording."""
    begins_s, ends_s = cast.part(moment.name)
    return (screen.text for event, screen in cast.screens() if begins_s <= event.at_s <= ends_s)


def told(cast: Cast) -> str:
    """The last screen, without times, speeds and ids, which are others each time."""
    *_, (_, screen) = cast.screens()
    return re.sub(r"\d\d:\d\d|[\d.]+ (?:s|tok/s)(?!\w)|\d+(?= +\$)|chatcmpl_\w+| +|─+", " ", screen.text)


def test_the_recording_can_be_played_and_is_small(kept: Cast) -> None:
    assert all(before.at_s <= after.at_s for before, after in pairwise(kept.events))
    assert SECONDS[0] < kept.duration_s < SECONDS[1]
    assert read(kept.to_text()) == kept
    assert max(CAST.stat().st_size, PICTURE.stat().st_size) < LARGEST_BYTES


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name)
def test_the_recording_shows_each_moment(kept: Cast, moment: Moment) -> None:
    assert any(all(words in screen for words in moment.shows) for screen in screens(kept, moment))


def test_the_recording_shows_the_answer_growing(kept: Cast) -> None:
    status_lines = (screen.splitlines()[-1] for screen in screens(kept, STREAMING))
    counts = [int(found[1]) for line in status_lines if (found := re.search(r"~(\d+) tok ·", line))]
    assert counts == sorted(counts)
    assert len(set(counts)) > 2


def test_the_recording_shows_arguments_that_are_not_whole_yet(kept: Cast) -> None:
    sizes = {
        int(found[1])
        for screen in screens(kept, ARGUMENTS)
        if (found := re.search(r"(\d+) B (?:arriving|· \d+ piece)", screen))
    }
    assert len(sizes) > 3


def test_the_animated_picture_is_that_of_the_recording(kept: Cast) -> None:
    assert draw(kept, ARGUMENTS.name) == PICTURE.read_text()
    root = ElementTree.fromstring(PICTURE.read_text())
    names = {element.get("id") for element in root.iter()}
    used = {element.get("href", "")[1:] for element in root.iter("{http://www.w3.org/2000/svg}use")}
    assert used <= names


def test_the_animated_picture_needs_nothing_from_elsewhere() -> None:
    assert not re.search(r"(href|src)=\"[^#]|url\(|@import|<script", PICTURE.read_text())


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_looks_that_are_said_once_are_the_same(kept: Cast, size: int) -> None:
    text = "\x1b[38;2;1;2;3;48;2;4;5;6mone\x1b[0m\x1b[1;38;2;1;2;3;48;2;4;5;6mtwo\x1b[0m \x1b[38;2;1;2;3mthree\x1b[0m"
    short = Thrift()
    pieces = "".join(short.feed(text[start : start + size]) for start in range(0, len(text), size))
    assert pieces == "\x1b[38;2;1;2;3;48;2;4;5;6mone\x1b[1mtwo\x1b[0m \x1b[38;2;1;2;3mthree"


@pytest.mark.slow
def test_the_recording_is_of_todays_program(kept: Cast) -> None:
    today = record(pace=0.2)
    assert told(today) == told(kept)
    for moment in MOMENTS:
        assert any(all(words in screen for words in moment.shows) for screen in screens(today, moment)), moment.name
    assert any(event.kind == OUTPUT for event in today.events)

"""Framing: the WHATWG rules, the limits, and that cuts never matter."""

import tracemalloc
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.sse import Comment, Frame, LineTooLong, ServerSentEvent, SseDecoder, Stray


def frames_of(*chunks: bytes, max_line_bytes: int = 10_000) -> list[Frame]:
    decoder = SseDecoder(max_line_bytes)
    frames = [frame for chunk in chunks for frame in decoder.feed(chunk)]
    return frames + decoder.finish()


def events_of(*chunks: bytes) -> list[tuple[str, bytes]]:
    """Type and data of the events that the standard would dispatch."""
    frames = frames_of(*chunks)
    return [(f.event, f.data) for f in frames if isinstance(f, ServerSentEvent) and not f.is_leftover]


def bytewise(body: bytes) -> list[bytes]:
    return [body[at : at + 1] for at in range(len(body))]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"data: a\n\n", [("", b"a")]),
        (b"data:a\n\n", [("", b"a")]),
        (b"data:  a\n\n", [("", b" a")]),
        (b"data: a\r\n\r\n", [("", b"a")]),
        (b"data: a\r\rdata: b\r\r", [("", b"a"), ("", b"b")]),
        (b"\xef\xbb\xbfdata: a\n\n", [("", b"a")]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", []),
        (b"data: a\ndata: b\n\n", [("", b"a\nb")]),
        (b"data\n\n", [("", b"")]),
        (b"data\ndata\n\n", [("", b"\n")]),
        (b"event: error\ndata: a\n\ndata: b\n\n", [("error", b"a"), ("", b"b")]),
        (b"event: error\n\ndata: b\n\n", [("", b"b")]),
        (b": only a comment\n\n", []),
        (b"nonsense: x\ndata: a\n\n", [("", b"a")]),
        (b"data: a\xe2\x80\xa8b\xc2\x85c\n\n", [("", b"a\xe2\x80\xa8b\xc2\x85c")]),
        (b"data: \xff\xfe\n\n", [("", b"\xff\xfe")]),
        (b"\n\n\ndata: a\n\n\n", [("", b"a")]),
        (b"data: a\n", []),
        (b"data: a:b: c\n\n", [("", b"a:b: c")]),
    ],
)
def test_bytes_frame_as_the_standard_says(body: bytes, events: list[tuple[str, bytes]]) -> None:
    assert events_of(body) == events
    assert events_of(*bytewise(body)) == events


@given(
    st.lists(
        st.sampled_from(
            [
                b"data: x",
                b"data:",
                b"data",
                b"event: e",
                b": c",
                b"id: 1",
                b"junk",
                b"\n",
                b"\r",
                b"\r\n",
                b"\xef\xbb\xbf",
            ]
        ),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_cuts_never_change_what_is_framed(pieces: list[bytes], random: Random) -> None:
    body = b"".join(pieces)
    chunks, at = [], 0
    while at < len(body):
        size = random.randint(1, 5)
        chunks.append(body[at : at + size])
        at += size

    assert without_comments(frames_of(*chunks)) == without_comments(frames_of(body))


def without_comments(frames: list[Frame]) -> list[Frame]:
    """Neighbouring comments of one read come as one."""
    return [frame for frame in frames if not isinstance(frame, Comment)]


def test_a_comment_surfaces_as_a_sign_of_life() -> None:
    assert frames_of(b": OPENROUTER PROCESSING\n\n") == [Comment(b"OPENROUTER PROCESSING")]


def test_a_flood_of_comments_in_one_read_is_one_frame() -> None:
    assert len(frames_of(b": x\n" * 1000)) == 1


def test_the_id_stays_until_another_comes_and_retry_is_kept() -> None:
    decoder = SseDecoder()

    frames = decoder.feed(b"id: 7\nretry: 1500\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n")

    assert [frame.id for frame in frames if isinstance(frame, ServerSentEvent)] == ["7", "7", "7"]
    assert decoder.retry_ms == 1500


@pytest.mark.parametrize("end", [b"", b"\n", b"\r"])
def test_a_block_that_the_end_cut_off_is_marked_as_such(end: bytes) -> None:
    assert frames_of(b"data: [DONE]" + end) == [ServerSentEvent(b"[DONE]", is_leftover=True)]


def test_lines_that_are_no_field_are_kept_together() -> None:
    assert frames_of(b'{\n  "error": "x"\n}\n') == [Stray(b'{\n  "error": "x"\n}')]


@pytest.mark.parametrize(
    "chunks",
    [[b"data: " + b"x" * 200], [b"x" * 60, b"x" * 60], [b"data: a\n" * 60], [b": " + b"c" * 200 + b"\n"]],
)
def test_what_grows_past_the_limit_ends_the_stream(chunks: list[bytes]) -> None:
    frames = frames_of(*chunks, b"\n\ndata: late\n\n", max_line_bytes=100)

    assert frames == [LineTooLong(100)]


def test_many_empty_data_lines_cost_no_more_than_their_bytes() -> None:
    tracemalloc.start()
    decoder = SseDecoder()
    for _ in range(50):
        decoder.feed(b"data:\n" * 10_000)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000

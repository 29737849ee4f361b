"""Faults inside the stream: what arrived is kept, the end is named, and nobody waits for ever."""

import asyncio
import gzip
import zlib
from contextlib import aclosing

import brotli  # type: ignore[import-untyped]  # it has no stubs
import pytest
import zstandard

from tests.client.asking import KEY, QUESTION, Asker, ask, words
from tests.gateways.fault import Caller, FaultGateway, say, say_and_stay
from tests.providers.streams import DONE, END, PAGE_TEXT, call, chunk, data, text
from tui_chat.client.http import Limits
from tui_chat.core.errors import ErrorKind
from tui_chat.core.limits import LimitLeft
from tui_chat.core.reply import ReplyFold, fold
from tui_chat.core.stream_events import Connected, Heartbeat, Outcome, Stopped, StreamEvent, TextDelta

IMPATIENT = Limits(silence_s=0.3, usage_wait_s=0.1)
ENDLESS = Limits(silence_s=3600.0, usage_wait_s=3600.0)
"""An answer that waits for anything more never ends."""
HANGS_S = 30.0
"""Nothing in these tests takes so long, however slow the machine: what does waits for what never comes."""


async def test_connected_comes_first_and_stopped_last() -> None:
    async with FaultGateway(say(PAGE_TEXT)) as gateway, Asker(gateway.base_url) as asker:
        events = await asker.ask()

    assert isinstance(events[0], Connected)
    assert [event for event in events if isinstance(event, Stopped)] == [events[-1]]
    assert fold(events).text == "Low latency feels like magic."
    assert gateway.callers[0].line == "POST /ai/chat/completions HTTP/1.1"


async def test_what_is_left_of_a_limit_is_told_with_the_answer() -> None:
    headers = {"X_RateLimit_Remaining_Requests": "59", "X_RateLimit_Limit_Requests": "60"}
    async with FaultGateway(say(PAGE_TEXT, **headers)) as gateway, Asker(gateway.base_url) as asker:
        events = await asker.ask()

    assert events[0] == Connected((LimitLeft("requests", 59, 60),))


async def test_silence_before_the_first_token_ends_at_its_limit() -> None:
    async with FaultGateway(say_and_stay(b"")) as gateway:
        reply = await ask(gateway, IMPATIENT)
        await asyncio.wait_for(gateway.callers[0].until_hung_up(), HANGS_S)

    assert (reply.outcome, reply.text) == (Outcome.TRUNCATED, "")
    assert "for 0.3 s, and the answer has not begun" in words(reply)


async def test_silence_in_the_middle_keeps_the_text() -> None:
    async with FaultGateway(say_and_stay(text("so far"))) as gateway:
        reply = await ask(gateway, IMPATIENT)

    assert (reply.outcome, reply.text) == (Outcome.TRUNCATED, "so far")
    assert reply.failure is not None
    assert reply.failure.kind is ErrorKind.TIMEOUT


async def test_comments_count_as_life() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        for _ in range(8):
            await caller.write(b": working\n\n")
            await asyncio.sleep(0.1)  # the very thing under test: a provider that takes its time
        await caller.write(text("a") + END)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url, Limits(silence_s=0.5)) as asker:
        events = await asker.ask()

    assert len([event for event in events if isinstance(event, Heartbeat)]) > 3
    assert (fold(events).outcome, fold(events).text) == (Outcome.COMPLETE, "a")


async def reset_after_text(caller: Caller) -> None:
    await caller.begin()
    await caller.write(text("so far"))
    await asyncio.sleep(0.05)  # or the reset overtakes the text
    caller.reset()


async def bad_chunk(caller: Caller) -> None:
    await caller.begin(Transfer_Encoding="chunked")
    body = text("so far")
    await caller.write(b"%x\r\n%s\r\nZZ\r\nxx" % (len(body), body))


async def short_length(caller: Caller) -> None:
    await caller.begin(Content_Length="99999")
    await caller.write(text("so far"))


@pytest.mark.parametrize("script", [reset_after_text, bad_chunk, short_length, say(text("so far"))])
async def test_a_cut_answer_keeps_its_text_and_says_so(script: object) -> None:
    async with FaultGateway(script) as gateway:  # type: ignore[arg-type]  # parametrized functions are objects to mypy
        reply = await ask(gateway)

    assert (reply.outcome, reply.text) == (Outcome.TRUNCATED, "so far")
    assert reply.failure is not None
    assert reply.failure.retryable
    assert len(gateway.callers) == 1


async def test_a_stream_behind_a_line_of_json_is_still_a_stream() -> None:
    body = b'{"status": "ok"}\n\n' + text("a") + END
    async with FaultGateway(say_and_stay(body)) as gateway:
        reply = await asyncio.wait_for(ask(gateway, ENDLESS), HANGS_S)

    assert (reply.text, reply.outcome) == ("a", Outcome.COMPLETE)


async def test_a_connection_that_breaks_after_the_finish_reason_broke_nothing() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin(Content_Length="99999")
        await caller.write(text("a") + chunk(finish="stop"))

    async with FaultGateway(script) as gateway:
        reply = await ask(gateway)

    assert (reply.outcome, reply.failure) == (Outcome.COMPLETE, None)


async def test_an_error_after_text_is_named_and_the_text_kept() -> None:
    body = text("so far") + data({"error": {"message": "upstream died", "code": 502}}) + DONE
    async with FaultGateway(say(body)) as gateway:
        reply = await ask(gateway)

    assert (reply.outcome, reply.text) == (Outcome.ERROR, "so far")
    assert reply.failure is not None
    assert (reply.failure.message, reply.failure.status) == ("upstream died", 502)


async def test_a_stream_that_is_done_but_open_ends_at_once() -> None:
    async with FaultGateway(say_and_stay(text("a") + END)) as gateway:
        reply = await asyncio.wait_for(ask(gateway, ENDLESS), HANGS_S)
        await asyncio.wait_for(gateway.callers[0].until_hung_up(), HANGS_S)

    assert reply.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("rest", [b"", b": still here\n\n" * 3])
async def test_after_a_finish_reason_usage_is_waited_for_but_not_for_ever(rest: bytes) -> None:
    async with FaultGateway(say_and_stay(text("a") + chunk(finish="stop") + rest)) as gateway:
        reply = await asyncio.wait_for(ask(gateway, Limits(silence_s=3600.0, usage_wait_s=0.1)), HANGS_S)

    assert (reply.outcome, reply.finish_reason) == (Outcome.COMPLETE, "stop")


async def test_the_time_in_which_more_is_waited_for_in_vain_is_none_of_the_answers() -> None:
    limits = Limits(usage_wait_s=0.1)
    script = say_and_stay(text("a") + chunk(finish="stop"))
    async with FaultGateway(script) as gateway, Asker(gateway.base_url, limits) as asker:
        stopped = (await asyncio.wait_for(asker.ask(), HANGS_S))[-1]

    assert isinstance(stopped, Stopped)
    assert stopped.waited_s > 0
    reply = ReplyFold()
    reply.feed(TextDelta("a"), 1.0)
    reply.feed(stopped, 4.0 + stopped.waited_s)
    assert reply.reply().timing.writing_s == pytest.approx(3.0)


async def test_comments_do_not_prolong_the_wait_for_usage_for_ever() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        await caller.write(text("a") + chunk(finish="stop"))
        while not caller.hung_up.is_set():
            await caller.write(b": x\n\n")
            await asyncio.sleep(0.02)  # faster than the wait

    async with FaultGateway(script) as gateway:
        limits = Limits(usage_wait_s=0.1, usage_wait_in_all_s=0.3)
        reply = await asyncio.wait_for(ask(gateway, limits), HANGS_S)

    assert reply.outcome is Outcome.COMPLETE


async def test_usage_that_comes_late_behind_comments_is_waited_for() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        await caller.write(text("a") + chunk(finish="stop"))
        for _ in range(4):
            await asyncio.sleep(0.5)  # the very thing under test: together longer than the wait in silence
            await caller.write(b": counting\n\n")
        await caller.write(data({"choices": [], "usage": {"total_tokens": 5}}) + DONE)

    async with FaultGateway(script) as gateway:
        reply = await ask(gateway, Limits(usage_wait_s=1.5))

    assert reply.counts is not None
    assert (reply.outcome, reply.counts.total_tokens) == (Outcome.COMPLETE, 5)


EARLY_REASONS = {
    "on the first, empty chunk": [
        chunk({"role": "assistant", "content": ""}, "stop"),
        text("The answer"),
        chunk(finish="stop"),
    ],
    "on thoughts": [chunk({"reasoning": "hm"}, "stop"), text("The answer"), chunk(finish="stop")],
    "on thoughts inside the text": [
        chunk({"content": "<think>hm"}, "stop"),
        text("</think>The answer"),
        chunk(finish="stop"),
    ],
    "on the first words": [chunk({"content": "The "}, "stop"), text("answer"), chunk(finish="stop")],
    "on each": [chunk({"content": words}, "stop") for words in ("The", " ans", "wer")],
    "on a blank": [chunk({"content": "\n"}, "stop"), text("The answer"), chunk(finish="stop")],
}


@pytest.mark.parametrize("pieces", EARLY_REASONS.values(), ids=list(EARLY_REASONS))
async def test_a_finish_reason_that_comes_too_early_ends_nothing(pieces: list[bytes]) -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        for piece in pieces:
            await caller.write(piece)
            await asyncio.sleep(0.1)  # longer than the wait for usage
        await caller.write(DONE)

    async with FaultGateway(script) as gateway:
        reply = await asyncio.wait_for(ask(gateway, Limits(usage_wait_s=0.02)), HANGS_S)

    assert (reply.text.strip(), reply.outcome, reply.finish_reason) == ("The answer", Outcome.COMPLETE, "stop")


@pytest.mark.parametrize(
    "body",
    [*map(b"".join, EARLY_REASONS.values()), chunk(finish="stop"), chunk({"reasoning": "hm"}) + chunk(finish="stop")],
)
async def test_silence_after_a_doubtful_reason_is_no_good_end(body: bytes) -> None:
    async with FaultGateway(say_and_stay(body)) as gateway:
        reply = await ask(gateway, IMPATIENT)

    assert reply.outcome is Outcome.TRUNCATED
    assert reply.failure is not None
    assert reply.failure.kind is ErrorKind.TIMEOUT


async def test_calls_behind_a_doubtful_reason_are_not_to_be_acted_on() -> None:
    first, second = (call('{"x":1}', index=at, id=f"id{at}", name="f") for at in (0, 1))
    body = chunk({"tool_calls": [first]}, "tool_calls") + chunk({"tool_calls": [second]}, "tool_calls")
    async with FaultGateway(say_and_stay(body)) as gateway:
        reply = await ask(gateway, IMPATIENT)

    assert reply.tool_calls == ()
    assert len(reply.partial_tool_calls) == 2


async def test_a_drip_of_bytes_comes_out_whole() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        for byte in 'data: {"choices":[{"delta":{"content":"ä🐎"}}]}\r\n\r\n'.encode() + END:
            await caller.write(bytes([byte]))
            await asyncio.sleep(0)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url) as asker:
        events = await asker.ask()

    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "ä🐎"


async def test_bytes_that_are_not_utf_8_become_one_sign() -> None:
    body = b'data: {"choices":[{"delta":{"content":"a\xffb"}}]}\n\n' + END
    async with FaultGateway(say(body)) as gateway:
        reply = await ask(gateway)

    assert reply.text == "a\ufffdb"


async def test_an_endless_line_is_refused_in_words() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        await caller.write(text("a") + b"data: ")
        while not caller.hung_up.is_set():
            await caller.write(b"x" * 262_144)

    async with FaultGateway(script) as gateway:
        reply = await ask(gateway)

    assert (reply.text, reply.outcome) == ("a", Outcome.ERROR)
    assert "a line of more than 8 MB" in words(reply)


async def test_a_flood_of_comments_ends_when_it_is_stopped() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        while not caller.hung_up.is_set():
            await caller.write(b": flood\n" * 8_000)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url) as asker:
        beats = 0
        async with aclosing(asker.completer.stream(QUESTION)) as events:
            async for _ in events:
                beats += 1
                if beats > 20:
                    break
        await asyncio.wait_for(gateway.callers[0].until_hung_up(), HANGS_S)


PACKED = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
}


@pytest.mark.parametrize("encoding", PACKED)
async def test_packed_bodies_are_opened(encoding: str) -> None:
    async with FaultGateway(say(PACKED[encoding](PAGE_TEXT), Content_Encoding=encoding)) as gateway:
        reply = await ask(gateway)

    assert (reply.text, reply.outcome) == ("Low latency feels like magic.", Outcome.COMPLETE)
    assert "zstd" in (gateway.callers[0].header("accept-encoding") or "")


async def test_a_raw_deflate_body_is_opened_too() -> None:
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(PAGE_TEXT) + packer.flush()
    async with FaultGateway(say(body, Content_Encoding="deflate")) as gateway:
        assert (await ask(gateway)).outcome is Outcome.COMPLETE


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_bomb_is_refused_in_words(encoding: str) -> None:
    bomb = PACKED[encoding](text("a") + (b": " + b"0" * 100_000 + b"\n") * 800)
    async with FaultGateway(say(bomb, Content_Encoding=encoding)) as gateway:
        reply = await ask(gateway)

    assert reply.text == "a"
    assert "out of all proportion" in words(reply)


async def test_a_packing_that_is_a_lie_is_said() -> None:
    async with FaultGateway(say(PAGE_TEXT, Content_Encoding="gzip")) as gateway:
        reply = await ask(gateway)

    assert "cannot be opened" in words(reply)


@pytest.mark.parametrize("begun", [b"", text("a"), chunk({"reasoning": "hm"})])
async def test_closing_the_generator_hangs_up(begun: bytes) -> None:
    async with FaultGateway(say_and_stay(begun)) as gateway, Asker(gateway.base_url) as asker:
        async with aclosing(asker.completer.stream(QUESTION)) as events:
            async for event in events:
                if isinstance(event, Connected) and not begun:
                    break
                if not isinstance(event, Connected):
                    break
        await asyncio.wait_for(gateway.callers[0].until_hung_up(), HANGS_S)


@pytest.mark.parametrize("has_headers", [True, False])
async def test_cancelling_hangs_up(has_headers: bool) -> None:
    async def script(caller: Caller) -> None:
        if has_headers:
            await caller.begin()
        await caller.until_hung_up()

    async with FaultGateway(script) as gateway, Asker(gateway.base_url, Limits()) as asker:
        task = asyncio.create_task(asker.ask())
        await gateway.called.wait()
        await asyncio.sleep(0.02)  # let the client get to its next wait
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(gateway.callers[0].until_hung_up(), HANGS_S)


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("w24 ", ""),
        ("a < b <", ""),
        ("if x </thin", ""),
        ("<thinking>a </thinking> ", ""),
        ("a \n", KEY[:7]),
        (" ", ""),
    ],
)
async def test_what_was_held_back_comes_out_when_the_answer_is_stopped(said: str, after: str) -> None:
    came: list[StreamEvent] = []
    is_alive = asyncio.Event()

    async def watch(asker: Asker) -> None:
        async with aclosing(asker.completer.stream(QUESTION)) as events:
            async for event in events:
                came.append(event)
                if isinstance(event, Heartbeat):
                    is_alive.set()

    body = text(said) + (text(after) if after else b"") + b": alive\n\n"
    async with FaultGateway(say_and_stay(body)) as gateway, Asker(gateway.base_url, ENDLESS) as asker:
        task = asyncio.create_task(watch(asker))
        await asyncio.wait_for(is_alive.wait(), HANGS_S)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert fold(came).text == said + after


async def test_a_wait_before_a_retry_can_be_cancelled() -> None:
    scheduled = asyncio.Event()

    async def read(asker: Asker) -> None:
        async with aclosing(asker.completer.stream(QUESTION)) as events:
            async for _ in events:
                scheduled.set()

    slow = say(b"{}", "429 Slow", Retry_After="50")
    async with FaultGateway(slow) as gateway, Asker(gateway.base_url, sleep=asyncio.sleep) as asker:
        task = asyncio.create_task(read(asker))
        await scheduled.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, HANGS_S)


async def test_two_questions_use_one_connection() -> None:
    ports = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername")[1])
        with_length = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n%s"
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                await reader.readexactly(length)
                writer.write(with_length % (len(PAGE_TEXT), PAGE_TEXT))
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, Asker(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as asker:
        for _ in range(3):
            assert fold(await asker.ask()).outcome is Outcome.COMPLETE

    assert len(ports) == 1

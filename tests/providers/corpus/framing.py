# ruff: noqa: E501  # one case reads best in few lines
"""Event streams as the WHATWG standard has them (in the spirit of web-platform-tests, eventsource/format-*), and as
proxies, half-written servers and broken connections leave them."""

from tests.providers.corpus.case import Case
from tests.providers.streams import DONE, chunk, data, text
from tui_chat.core.errors import ErrorKind

HEL, LO, STOP = text("Hel"), text("lo"), chunk(finish="stop")
END = STOP + DONE
WORDS = HEL + LO
RAW = HEL.removeprefix(b"data: ").strip()
"""The JSON of a chunk that says `Hel`."""


def ends(line_end: bytes) -> bytes:
    return (WORDS + END).replace(b"\n", line_end)


def _cut(name: str, body: bytes, text: str = "Hello") -> Case:
    return Case(name, body, text, finish=None, outcome="truncated", kind=ErrorKind.NETWORK)


def _malformed(name: str, body: bytes, text: str = "Hello", finish: str | None = "stop") -> Case:
    kind, told = ErrorKind.PROTOCOL, "cannot be read"
    return Case(name, body, text, finish=finish, outcome="error", kind=kind, told=told)


CASES = (
    Case("LF", ends(b"\n")),
    Case("CR", ends(b"\r")),
    Case("CRLF", ends(b"\r\n")),
    Case("every line end in turn", HEL.replace(b"\n\n", b"\r\n\r") + LO.replace(b"\n\n", b"\r\r\n") + END),
    Case("LF, then CR", (HEL.replace(b"\n\n", b"\n\r") + LO + END)),
    Case("a byte-order mark", b"\xef\xbb\xbf" + WORDS + END),
    Case("two byte-order marks: the second spoils its line", b"\xef\xbb\xbf\xef\xbb\xbf" + text("x") + WORDS + END),
    Case("a byte-order mark later is part of a name", HEL + b"\xef\xbb\xbf" + text("x") + LO + END),
    Case("blank lines before, between and after", b"\n\r\n\n" + HEL + b"\n\n\n" + LO + b"\r\n" + END + b"\n\n\n"),
    Case("no space after the colon", (WORDS + END).replace(b"data: ", b"data:")),
    Case("many spaces after the colon", (WORDS + END).replace(b"data: ", b"data:    ")),
    Case("a tab after the colon", (WORDS + END).replace(b"data: ", b"data:\t")),
    Case("spaces after the marker", WORDS + STOP + b"data: [DONE]  \n\n"),
    Case("a marker in quotes", WORDS + b'data: "[DONE]"\n\n', finish=None),
    Case("a marker with nothing around it", WORDS + b"data:[DONE]\n\n", finish=None),
    Case("a space before the colon is another name", WORDS + text("x").replace(b"data:", b"data :") + END),
    Case("a space before the name is another name", WORDS + b" " + text("x") + END),
    Case("names count by their case", WORDS + text("x").replace(b"data", b"DATA") + END),
    Case("a comment that looks like data", WORDS + b":" + text("x") + END),
    Case("comments of every kind", b": hi\n\n:\n:::\n\n" + HEL + b": OPENROUTER PROCESSING\n\n" + LO + b":\r\n" + END),
    Case("a comment inside an event", HEL.replace(b"\n\n", b"\n: x\n\n") + LO + END),
    Case("data without a colon, alone", b"data\n\ndata\n\n" + WORDS + END),
    Case("data without a value, alone", b"data:\n\ndata: \n\n" + WORDS + END),
    Case("an empty data line beside a chunk", b"data\n" + HEL + b"data:\n" + LO + END),
    Case("a chunk over several data lines", HEL.replace(b", ", b",\ndata: ") + LO + END),
    Case("several data lines, other fields between", HEL.replace(b", ", b",\nid: 1\ndata: ", 2) + LO + END),
    Case("event, id and retry around every chunk", (WORDS + END).replace(b"data:", b"event: message\nid: 7\nretry: 5\ndata:")),
    Case("fields after the data", (WORDS + END).replace(b"\n\n", b"\nevent: message\nid\n\n")),
    Case("an id with NUL, a retry of nonsense", b"id: a\0b\nretry: 1000x\nretry: -1\nretry\n" + WORDS + END),
    Case("unknown fields", b"foo: bar\nbar\n" + WORDS + b"x:y\n\n" + END),
    Case("NUL outside of fields", b"\0\n" + WORDS + END),
    Case("an event without data is none", b"event: error\n\n" + WORDS + END),
    Case("events of other names", (HEL + LO).replace(b"data:", b"event: completion\ndata:") + END),
    Case("an event that keeps the line open", b"event: ping\ndata: ping\n\n" + WORDS + END),
    Case("an event that keeps the line open, in JSON", b'event: ping\ndata: {"type": "ping"}\n\n' + WORDS + END),
    Case("data that is no object", b'data: null\n\ndata: 1\n\ndata: "x"\n\ndata: []\n\ndata: true\n\n' + WORDS + END),
    Case("a line separator inside a string", 'data: {"choices":[{"delta":{"content":"a\u2028b\u2029c\x85d\x0be\x0cf"}}]}\n\n'.encode()
         + END, "a\u2028b\u2029c\x85d\x0be\x0cf"),
    Case("characters of two, three and four bytes", 'data: {"choices":[{"delta":{"content":"äह🐎👩‍👩‍👧"}}]}\n\n'.encode() + END,
         "äह🐎👩‍👩‍👧"),
    Case("escapes for all of them", rb'data: {"choices":[{"delta":{"content":"\u00e4\ud83d\udc0e\n\t\/"}}]}' + b"\n\n" + END,
         "ä🐎\n\t/"),
    Case("half a pair, then the other", rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}' + b"\n\n: x\n\n"
         + rb'data: {"choices":[{"delta":{"content":"\udc0e!"}}]}' + b"\n\n" + END, "🐎!"),
    Case("half a pair that stays alone", rb'data: {"choices":[{"delta":{"content":"a\ud83d"}}]}' + b"\n\n" + text("b") + END,
         "a\ufffdb"),
    Case("half a pair at the end", rb'data: {"choices":[{"delta":{"content":"a\ud83d"}}]}' + b"\n\n" + END, "a\ufffd"),
    Case("the second half alone", rb'data: {"choices":[{"delta":{"content":"\udc0ea"}}]}' + b"\n\n" + END, "\ufffda"),
    Case("a byte that is not UTF-8", b'data: {"choices":[{"delta":{"content":"a\xffb"}}]}\n\n' + END, "a\ufffdb"),
    Case("half a character", b'data: {"choices":[{"delta":{"content":"a\xf0\x9f"}}]}\n\n' + END, "a\ufffd"),
    Case("NUL inside a string", rb'data: {"choices":[{"delta":{"content":"a\u0000b"}}]}' + b"\n\n" + END, "a\0b"),
    Case("control characters unescaped", b'data: {"choices":[{"delta":{"content":"a\tb\x1bc"}}]}\n\n' + END, "a\tb\x1bc"),
    Case("nothing after the marker counts", WORDS + END + text("x") + data({"error": {"message": "late"}})),
    Case("garbage after the marker", WORDS + END + b"\xff\xfe<html>\ndata: {\n\n"),
    Case("no blank line after the marker", WORDS + STOP + b"data: [DONE]"),
    Case("one newline after the marker", WORDS + STOP + b"data: [DONE]\n"),
    Case("no blank line after the last chunk", WORDS + STOP.rstrip(b"\n")),
    Case("one newline after the last chunk", WORDS + STOP[:-1]),
    Case("a bare CR after the last chunk", WORDS + STOP.rstrip(b"\n") + b"\r"),
    _cut("a clean end", WORDS),
    _cut("text whose blank line is missing", HEL + LO.rstrip(b"\n")),
    _cut("half a chunk", WORDS + STOP[:40]),
    _cut("half a marker", WORDS + b"data: [DON"),
    _cut("half a name", WORDS + b"dat"),
    _cut("half a comment", WORDS + b": wor"),
    _cut("half a character at the end", WORDS + b'data: {"choices":[{"delta":{"content":"\xf0\x9f'),
    _cut("half an error", WORDS + b'event: error\ndata: {"error": {"mess'),
    _cut("an error in plain text whose blank line is missing", WORDS + b"event: error\ndata: out of mem"),
    _cut("nothing at all", b"", ""),
    _cut("a byte-order mark and nothing else", b"\xef\xbb\xbf", ""),
    _cut("half a byte-order mark", b"\xef\xbb", ""),
    _cut("comments and nothing else", b": a\n\n: b\n\n", ""),
    _cut("empty events and nothing else", b"data:\n\ndata: \n\n", ""),
    _cut("blank lines and nothing else", b"\n\r\n\n", ""),
    Case("two markers", WORDS + DONE + DONE, finish=None),
    Case("a marker and nothing else", DONE, "", finish=None),
    _malformed("a chunk that ends too early", HEL + b'data: {"choices":[{"delta"\n\n' + LO + END),
    _malformed("a chunk with a comma too many", HEL + b'data: {"choices":[],}\n\n' + LO + END),
    _malformed("a chunk of Python", HEL + b"data: {'choices': []}\n\n" + LO + END),
    _malformed("an escape that is none", HEL + rb'data: {"choices":[{"delta":{"content":"\x41"}}]}' + b"\n\n" + LO + END),
    _malformed("plain text", HEL + b"data: upstream is tired\n\n" + LO + END),
    _malformed("two chunks in one event", HEL + b"data: " + RAW + b"\ndata: " + RAW + b"\n\n" + LO + END),
    _malformed("a chunk that is broken before the marker alone", WORDS + b"data: {\n\n" + DONE, finish=None),
    Case("a word in the middle of nothing", WORDS + b"keep-alive\n\n" + END),
    Case("white space of JSON", (WORDS + END).replace(b'{"', b'{ \t"').replace(b"}", b" }")),
)  # fmt: skip

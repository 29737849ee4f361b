"""Pages as a model gets them: words of HTML, texts as they are, and everything else told by type and size."""

import time
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.programs import NoFetcher
from tui_chat.chat.ready_work import PageWork
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import Fetched, Page, PageRequest, ToolOutcome
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.parts import ToolCall
from tui_chat.tools.page_text import charset_of_page, without_gaps, words_of_page
from tui_chat.tools.runner import Runner
from tui_chat.tools.text_files import decoded

URL = "https://site.example/a/"


@dataclass
class Web:
    """Gives this page, or this failure, and notes what it was asked."""

    answer: Page | GatewayError
    asked: list[PageRequest] = field(default_factory=list)

    async def fetch_page(self, request: PageRequest) -> Page:
        self.asked.append(request)
        if isinstance(self.answer, GatewayError):
            raise self.answer
        return self.answer


def page(body: bytes, kind: str, *, status: int = 200, charset: str = "", is_cut: bool = False, url: str = URL,
         size_bytes: int | None = None) -> Page:  # fmt: skip
    return Page(url, Fetched(status, kind, charset, body, is_cut), size_bytes)


async def run(answer: Page | GatewayError, limit_bytes: int = 4096) -> ToolOutcome:
    web = Web(answer)
    plan = ToolPlan(ToolCall("c1", "fetch_url", "{}"), PageWork(URL), 5.0, limit_bytes)
    outcome = await Runner({}, NoFetcher(), pages=web).run(plan, lambda _: None)
    (asked,) = web.asked
    assert (asked.url, asked.through_proxy, asked.timeout_s) == (URL, False, 5.0)
    return outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (page(b'{"a": 1}', "application/json"), ToolOutcome('{"a": 1}', ending="status 200, application/json")),
        (page(b"<a/>", "image/svg+xml"), ToolOutcome("<a/>", ending="status 200, image/svg+xml")),
        (page(b"\xe9", "text/plain", charset="latin-1"), ToolOutcome("é", ending="status 200, text/plain")),
        (page(b"ok", "text/plain", charset="no-such"), ToolOutcome("ok", ending="status 200, text/plain")),
        (page(b"ok", "text/plain", charset="base64"), ToolOutcome("ok", ending="status 200, text/plain")),
        (page(b"words", ""), ToolOutcome("words", ending="status 200")),
        (
            page(b"OggS", "audio/ogg", size_bytes=3_000_000),
            ToolOutcome("It is audio/ogg, 2.9 MB: only text is given.", ending="status 200, audio/ogg, no text"),
        ),
        (
            page(b"\0" * 100, "", is_cut=True),
            ToolOutcome("It is no text, at least 100 B: only text is given.", ending="status 200, no text"),
        ),
        (page(b"gone", "text/plain", status=404), ToolOutcome("gone", True, "status 404, text/plain")),
        (
            page(b"moved", "text/plain", url="https://other.example/"),
            ToolOutcome("moved", ending="status 200, text/plain, led to https://other.example/"),
        ),
        (
            page("<meta charset=cp1252><p>Gr\xf6\xdfe".encode("cp1252"), "text/html"),
            ToolOutcome("Größe", ending="status 200, text/html"),
        ),
        (GatewayError(Failure(ErrorKind.NETWORK, "Nobody.", "x")), ToolOutcome("Nobody.", True, "not fetched")),
    ],
)  # fmt: skip
async def test_every_page_becomes_a_result(answer: Page | GatewayError, outcome: ToolOutcome) -> None:
    assert await run(answer) == outcome


async def test_no_more_of_the_words_is_kept_than_the_limit() -> None:
    outcome = await run(page(b"<p>" + b"words " * 10_000, "text/html", is_cut=True), 1000)
    assert len(outcome.content) < 1200
    assert "bytes are left out here" in outcome.content
    assert outcome.content.endswith("the rest is left out …]")


HTML = """<!DOCTYPE html><html><head><title>A &amp; B</title><style>p { color: red }</style></head>
<body><script>if (a < b) { steal("</p>") }</script><!-- <p>hidden</p> -->
<h1>Head<em>line</em></h1><p>One   <b>two</b>,
three.</p><p>Next<br>line &lt;tag&gt;</p>
<ul><li>first</li><li><a href="../b?x=1&amp;y=2">second</a> and more</li></ul>
<a href="#top">Up</a> <a href="javascript:alert(1)">No</a>
<table><tr><th>Name</th><th>Size</th></tr><tr><td>x</td><td>1</td></tr></table>
<pre>  keep
    this</pre></body></html>"""


def test_the_words_of_a_page_are_those_that_a_person_reads() -> None:
    assert without_gaps(words_of_page(HTML, URL)) == (
        "A & B\n\n# Headline\n\nOne two, three.\n\nNext\nline <tag>\n\n- first\n"
        "- second <https://site.example/b?x=1&y=2> and more\n\nUp No\n\nName | Size |\nx | 1 |\n\n  keep\n    this"
    )


@pytest.mark.parametrize("text", ["", "<", "a < b", "<!--", "<script>", "<p", "</", f"&#{'1' * 5000};", "<a href="])
def test_what_is_broken_is_read_all_the_same(text: str) -> None:
    words = words_of_page(f"<p>before</p>{text}", URL)
    assert words.startswith("before")


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<a<", "<!--", "<!", "</", '<a b="', "&", "&#1", "<?", "<script>", "<title", "<title>", "<a href=",
     "<script></scrip", "<pre>\n", "<li>", " ", "<p> ", "<a href='x'>"],
)  # fmt: skip
def test_no_page_takes_long_whatever_stands_in_it(piece: str) -> None:
    whole = piece * (256 * 1024 // len(piece))
    began = time.process_time()
    without_gaps(words_of_page(whole, URL))
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "undefined", "rot13", "base64", "x" * 500])
def test_what_is_no_encoding_of_texts_is_not_taken_for_one(charset: str) -> None:
    began = time.process_time()
    assert decoded(b"a" * 200_000, charset) == "a" * 200_000
    assert time.process_time() - began < 1.0


@given(st.text(alphabet="<>/!-a\"'= &;#xpre\nhl1", max_size=60))
def test_any_page_has_words(page: str) -> None:
    assert "\0" not in without_gaps(words_of_page(page, URL))


def test_a_page_names_its_encoding() -> None:
    assert charset_of_page(b'<meta http-equiv="x" content="text/html; charset=koi8-r">') == "koi8-r"
    assert charset_of_page(b"<p>charset=utf-8") == ""

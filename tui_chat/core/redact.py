"""The one redactor: every text that comes out of an error passes here before anybody sees it.

Providers echo the key in their messages, and so do libraries. Hidden is the key in use, also where it stands quoted,
escaped or in pieces of a header, and anything that is shaped like a key of somebody else.
"""

import re
from collections.abc import Callable

HIDDEN = "[key hidden]"

_KEY_SHAPED = re.compile(
    r"(?i:\bbearer)\s+[\"']?(?P<token>[A-Za-z0-9._~+/=-]{6,})"
    r"|\b(?:sr_|sk[-_]|gsk_|xai-|hf_|pplx-|AIza|ghp_|nvapi-)[A-Za-z0-9._-]{6,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
)

Redact = Callable[[str], str]


def redactor(key: str = "") -> Redact:
    """A function that hides `key`, and whatever looks like one, in a text."""
    literal = re.compile(re.escape(key)) if len(key) >= 4 else None

    def redact(text: str) -> str:
        if literal is not None:
            text = literal.sub(HIDDEN, text)
        return _KEY_SHAPED.sub(_hide, text)

    return redact


def _hide(match: re.Match[str]) -> str:
    token = match["token"]
    return match[0][: -len(token)] + HIDDEN if token else HIDDEN

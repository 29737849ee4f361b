"""The one redactor: every text that comes out of an error, and all that a gateway sends, passes here before anybody
sees it.

Two rules. In the words of an error, which providers and libraries quote the request in, hidden are the secrets in use,
be they short, and anything that is shaped like a key of somebody else. In what a model says, hidden are the secrets in
use and nothing that merely looks like one: answers are about keys too.
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.secret_forms import SecretForms

HIDDEN: Final = "[key hidden]"
LEAST_IN_TEXT: Final = 16
"""Characters of a secret that is looked for in what a model says; shorter ones are words in many answers."""
LEAST_NAMED: Final = 8
"""The same of a secret that somebody named as one for a tool, in what that tool gives."""
_LEAST_LETTERS: Final = 8
"""Different characters of such a one: what has fewer stands where a key should be (`sk-xxxxxxxx…`)."""
_LEAST: Final = 4

KEY_SHAPED: Final = lazy_pattern(
    r"(?i:\bbearer)\s+[\"']?(?P<token>[A-Za-z0-9._~+/=-]{6,})"
    r"|\b(?:sr_|sk[-_]|gsk_|xai-|hf_|pplx-|AIza|ghp_|nvapi-)[A-Za-z0-9._-]{6,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
)
"""What looks like somebody's key; of a header the part named `token`."""

Redact = Callable[[str], str]


class Secrets:
    """The secrets of one gateway: its key, and what else of a request nobody may see. Cannot be printed."""

    def __init__(self, texts: Iterable[str] = (), least: int = LEAST_IN_TEXT) -> None:
        """`least` characters a secret has that is looked for beside the words of errors."""
        self._least = least
        self._known = sorted({text for text in texts if len(text) >= _LEAST}, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Secrets(hidden)"

    @cached_property
    def forms(self) -> SecretForms | None:
        """What is looked for in the words of a model; None where nothing is. Made when it is first asked for: that
        takes a millisecond, which the start of the program does without."""
        letters = min(_LEAST_LETTERS, self._least // 2)
        long = [text for text in self._known if len(text) >= self._least and len(set(text)) >= letters]
        return SecretForms(long) if long else None

    @cached_property
    def _forms_in_errors(self) -> SecretForms | None:
        return SecretForms(self._known) if self._known else None

    @cached_property
    def _as_they_are(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._known)))

    def mask(self, text: str) -> str:
        """What a model said, in one piece, without the secrets in use."""
        return _without(self.forms, text)

    def mask_json(self, text: str) -> str:
        """JSON text without the secrets in use, also where some of their letters are escaped; the same text where there
        are none."""
        masked = self.mask(text)
        if masked != text or "\\" not in text or self.forms is None:
            return masked
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return masked
        clean = self._masked_value(value)
        return text if clean == value else json.dumps(clean)

    def _masked_value(self, value: object) -> object:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, list):
            return [self._masked_value(item) for item in value]
        if isinstance(value, dict):
            return {self.mask(name): self._masked_value(item) for name, item in value.items()}
        return value

    def redact(self, text: str) -> str:
        """Words of an error without the secrets in use, and without what looks like one."""
        if self._known:
            text = _without(self._forms_in_errors, self._as_they_are.sub(HIDDEN, text))
        return KEY_SHAPED.sub(_hide, text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the secrets in use stand in a text, also in pieces and other forms, in no order."""
        if not self._known:
            return []
        forms = self._forms_in_errors
        whole = [found.span() for found in self._as_they_are.finditer(text)]
        return whole + (forms.spans(text) if forms is not None else [])

    def redact_failure(self, failure: Failure) -> Failure:
        """A failure with every text of it redacted."""
        texts = {name: getattr(failure, name) for name in ("message", "advice", "type", "code", "param")}
        return msgspec.structs.replace(
            failure, **{name: self.redact(text) for name, text in texts.items() if text is not None}
        )


def redactor(key: str = "") -> Redact:
    """A function that hides `key`, and whatever looks like one, in the words of an error."""
    return Secrets((key,)).redact


_EVER_USED: set[str] = set()


def remember(*secrets: str) -> None:
    """Know these secrets until the program ends, for the report of a crash: whoever writes it is handed nothing."""
    _EVER_USED.update(secret for secret in secrets if secret)


def used_secrets() -> Secrets:
    """All secrets that were ever in use."""
    return Secrets(_EVER_USED)


def redact_report(text: str) -> str:
    """A report of a crash without any secret that was ever in use."""
    return used_secrets().redact(text)


def _without(forms: SecretForms | None, text: str) -> str:
    if forms is None or not forms.may_stand_in(text):
        return text
    pieces: list[str] = []
    at = 0
    for start, end in forms.spans(text):
        pieces += (text[at:start], HIDDEN)
        at = end
    return "".join((*pieces, text[at:]))


def _hide(match: re.Match[str]) -> str:
    token = match["token"]
    return match[0][: -len(token)] + HIDDEN if token else HIDDEN

"""The forms in which a secret may come back, and where they stand in a text.

A form is a text of which no long run may be shown: the secret without its public beginning, the same as base64 in its
three alignments, percent-encoded, and escaped as JSON. Runs are looked for by a few letters of each, chosen so that
every run that counts holds some of them: ordinary text is searched once, by one expression.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import msgspec

from tui_chat.core.lazy_pattern import Searching, lazy_pattern

RUN = 12
"""Characters of a secret that are hidden wherever they stand together."""
BASE64_RUN = 15
"""Characters of base64 that are sure to stand together where so many of the secret do."""
HELD = 4
"""Characters at the end of a text that may begin a run, from which on they are worth waiting for."""
_MARK = 6
"""Letters by which a run is found."""

_PUBLIC = lazy_pattern(
    r"sk-(?:proj|svcacct|admin|or-v\d|ant-[a-z]+\d*)-|(?:sk|pk|rk)[-_](?:live|test)_|github_pat_"
    r"|(?:sk|sr|pk|key|tok)[-_]|gsk_|xai-|hf_|pplx-|nvapi-|AIza|gh[a-z]_|glpat-|r8_|csk-|fw_|tgp_v\d_"
)
"""Beginnings that say whose key it is, and are in every manual."""


class Form(msgspec.Struct, frozen=True):
    """A text of which no run of `least` characters may be shown."""

    text: str
    least: int
    letter: int = 1
    """Characters that stand for one of the secret."""

    def __repr__(self) -> str:
        return "Form(hidden)"

    @property
    def anchors(self) -> Iterator[int]:
        """Places of this form such that every run that counts holds the letters at one of them; rather where a capital
        or a digit stands, which prose has few of."""
        step = self.least - self.anchor_length + 1
        at = -1
        while at + 1 + self.least <= len(self.text):
            furthest = at + step
            at = next((place for place in range(furthest, at, -1) if not self.text[place].islower()), furthest)
            yield at

    @property
    def anchor_length(self) -> int:
        """Characters by which a run is found."""
        return min(self.least, _MARK if self.letter == 1 else 3 * self.letter)


def forms_of(secret: str) -> Iterator[Form]:
    """Every form of a secret of at least four characters."""
    for form in _plain_forms(secret):
        yield form
        if "/" in form.text:  # as some encoders of JSON write it
            yield Form(form.text.replace("/", "\\/"), form.least + 1)


def _plain_forms(secret: str) -> Iterator[Form]:
    public = _PUBLIC.match(secret)
    hidden = secret[public.end() :] if public else secret
    if len(hidden) < RUN:
        hidden = secret
    run = min(RUN, len(hidden))
    yield Form(hidden, run)
    if len(hidden) < HELD * 2:
        return
    data = hidden.encode("utf-8", "surrogatepass")
    if (quoted := quote(data, safe="")) != hidden:
        yield Form(quoted, min(run + 2, len(quoted)))
        yield Form(re.sub("%..", lambda found: found[0].lower(), quoted), min(run + 2, len(quoted)))
    for pattern, code_length in (("%%%02X", 3), ("%%%02x", 3), ("\\u%04x", 6), ("\\u%04X", 6)):
        yield Form("".join(pattern % byte for byte in data), run * code_length, code_length)
    for before in range(3):
        # The first characters also stand for what comes before, the last ones for what follows.
        encoded = base64.b64encode(bytes(before) + data).decode()
        core = encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        yield Form(core, min(BASE64_RUN, len(core)))
        if core != (url_safe := core.translate(_URL_SAFE)):
            yield Form(url_safe, min(BASE64_RUN, len(core)))


_URL_SAFE = str.maketrans("+/", "-_")


class SecretForms:
    """All forms of some secrets."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms = tuple(dict.fromkeys(form for secret in secrets for form in forms_of(secret)))
        self._places: dict[str, list[tuple[Form, int]]] = {}
        for form in self._forms:
            for at in form.anchors:
                self._places.setdefault(form.text[at : at + form.anchor_length], []).append((form, at))
        self._plain = _any_of(anchor for anchor in self._places if "%" not in anchor and "\\" not in anchor)
        self._escaped = _any_of(self._places)
        self._beginnings = frozenset(
            form.text[at : at + HELD] for form in self._forms for at in range(len(form.text) - HELD + 1)
        )
        self.longest_run = max((form.least for form in self._forms), default=0)
        """Characters that the longest run has which is looked for."""

    def __repr__(self) -> str:
        return "SecretForms(hidden)"

    def may_stand_in(self, text: str) -> bool:
        """Whether a text is worth a closer look: it holds some letters of a form, or may end within one."""
        if text[-HELD:] in self._beginnings:
            return True
        searched = self._escaped if "%" in text or "\\" in text else self._plain
        return searched.search(text) is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where runs stand, in order, those that touch as one."""
        searched = self._escaped if "%" in text or "\\" in text else self._plain
        spans: list[tuple[int, int]] = []
        at = 0
        while (found := searched.search(text, at)) is not None:
            runs = (self._run(text, found.start(), form, place) for form, place in self._places[found[0]])
            start, end = max(runs, key=lambda run: run[1] - run[0])
            at = max(end, found.start() + 1)
            if start < end:
                if spans and start <= spans[-1][1]:
                    start = spans.pop()[0]
                spans.append((start, end))
        return spans

    def end_to_wait_with(self, text: str) -> int:
        """How many characters at the end of a text may begin a run that is not one yet; 0 where too few."""
        if text[-HELD:] not in self._beginnings:
            return 0
        longest = 0
        for form in self._forms:
            count = HELD
            while count <= len(text) and text[-count:] in form.text:
                count += 1
            longest = max(longest, count - 1)
        return longest

    @staticmethod
    def _run(text: str, at: int, form: Form, place: int) -> tuple[int, int]:
        """The whole run of a form around a place where the two agree; empty where it is too short to count."""
        back = 0
        while back < min(at, place) and text[at - back - 1] == form.text[place - back - 1]:
            back += 1
        ahead, most = 0, min(len(text) - at, len(form.text) - place)
        while ahead < most and text[at + ahead] == form.text[place + ahead]:
            ahead += 1
        return (at - back, at + ahead) if back + ahead >= form.least else (at, at)


_NEVER = lazy_pattern(r"(?!)")


def _any_of(anchors: Iterable[str]) -> Searching:
    listed = sorted(set(anchors), key=lambda anchor: (-len(anchor), anchor))
    return re.compile("|".join(map(re.escape, listed))) if listed else _NEVER

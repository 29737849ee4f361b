"""Hides secrets in a text that arrives in pieces, wherever the pieces were cut.

What may be the beginning of a run waits for the piece that decides it; all else passes at once. A run may have begun
in what has passed already, by fewer characters than are worth waiting for, and what is hidden may go on in the next
piece: so the end of what was dealt with is remembered.
"""

from tui_chat.core.redact import HIDDEN
from tui_chat.core.secret_forms import HELD, SecretForms


class StreamMask:
    """One text: `feed` its pieces, then `release` what waits. Nothing of it is lost but what is hidden."""

    def __init__(self, forms: SecretForms) -> None:
        self._forms = forms
        self._before = ""
        """The end of what was dealt with: a run may go on from there."""
        self._held = ""
        self._is_in_run = False
        """The last that was handed out is the mark, and the run may go on."""
        self.has_hidden = False
        """Something of the text was hidden."""

    @property
    def is_waiting(self) -> bool:
        """The end of the text waits for more of it."""
        return bool(self._held)

    def feed(self, text: str) -> str:
        """What can be shown of the text so far, and has not been handed out."""
        if not text:
            return ""
        known = len(self._before)
        whole = self._before + self._held + text
        if not self._forms.may_stand_in(whole):
            self._before, self._held, self._is_in_run = whole[1 - HELD :], "", False
            return whole[known:]
        return self._closely(whole, known)

    def release(self) -> str:
        """What waits, because nothing more comes now; a run that goes on after it is still hidden from there on."""
        held, self._held = self._held, ""
        if held:
            self._before = (self._before + held)[1 - self._forms.longest_run :]
            self._is_in_run = False
        return held

    def _closely(self, whole: str, known: int) -> str:
        pieces: list[str] = []
        at, is_in_run = known, self._is_in_run
        for start, end in self._forms.spans(whole):
            if end <= known:
                continue
            pieces.append(whole[at : max(start, at)])
            if not (is_in_run and start < known):
                pieces.append(HIDDEN)
            self.has_hidden = True
            at, is_in_run = end, True
        if at == len(whole) and is_in_run:
            self._before, self._held, self._is_in_run = whole[1 - self._forms.longest_run :], "", True
            return "".join(pieces)
        begins = len(whole) - self._forms.end_to_wait_with(whole)
        shown = max(begins, at)
        pieces.append(whole[at:shown])
        self._held = whole[shown:]
        self._before = whole[max(0, min(begins, shown - HELD + 1)) : shown]
        self._is_in_run = False
        return "".join(pieces)

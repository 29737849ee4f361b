"""The corpus: each stream comes to the same whole, byte by byte, line by line and cut at random."""

from collections.abc import Callable
from random import Random

import pytest

from tests.providers.corpus import calls, endings, framing, gateways, reported, thoughts
from tests.providers.corpus.case import Case, found
from tests.providers.streams import decode
from tests.providers.test_any_split import cut_at_random
from tui_chat.core.reply import fold

CASES: tuple[Case, ...] = (
    *framing.CASES,
    *gateways.CASES,
    *calls.CASES,
    *endings.CASES,
    *thoughts.CASES,
    *reported.CASES,
)
CUTS: dict[str, Callable[[bytes], list[bytes]]] = {
    "whole": lambda body: [body],
    "byte by byte": lambda body: [body[at : at + 1] for at in range(len(body))],
    "line by line": lambda body: body.splitlines(keepends=True),
    "at random": lambda body: cut_at_random(body, Random(len(body))),
    "with empty reads": lambda body: [piece for line in body.splitlines(keepends=True) for piece in (b"", line)],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_stream_comes_to_what_it_means(case: Case) -> None:
    for cut in CUTS.values():
        assert found(case, fold(decode(*cut(case.body)))) == case


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)

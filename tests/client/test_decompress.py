"""Packed bodies, opened however they are cut."""

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # it has no stubs
import pytest
import zstandard

from tests.client.test_corpus_through_ask import deflated
from tui_chat.client.decompress import BadBody, Decompressor

BODY = "".join(f"data: line {number} ä🐎\n\n" for number in range(300)).encode()
FIRST, SECOND = BODY[:2000], BODY[2000:]
squeezed = zstandard.ZstdCompressor().compress
PACKED = {
    "gzip": ("gzip", gzip.compress(BODY)),
    "gzip, capitals": ("GZip", gzip.compress(BODY)),
    "gzip of two members": ("gzip", gzip.compress(FIRST) + gzip.compress(SECOND)),
    "gzip with an empty member": ("gzip", gzip.compress(b"") + gzip.compress(BODY)),
    "gzip, then padding": ("gzip", gzip.compress(BODY) + b"\0" * 20),
    "deflate": ("deflate", zlib.compress(BODY)),
    "deflate without its header": ("deflate", deflated(BODY)),
    "deflate, then more": ("deflate", zlib.compress(BODY) + b"more"),
    "gzip that calls itself deflate": ("deflate", gzip.compress(BODY)),
    "br": ("br", brotli.compress(BODY)),
    "zstd": ("zstd", squeezed(BODY)),
    "zstd of two frames": ("zstd", squeezed(FIRST) + squeezed(SECOND)),
    "two layers": ("deflate, gzip", gzip.compress(deflated(BODY))),
    "not packed": ("identity", BODY),
    "unknown": ("rot13", BODY),
}


def opened(encoding: str, body: bytes, size: int) -> bytes:
    decompressor = Decompressor(encoding)
    return b"".join(piece for at in range(0, len(body), size) for piece in decompressor.open(body[at : at + size]))


@pytest.mark.parametrize("size", [1, 2, 7, 1000, 1_000_000])
@pytest.mark.parametrize("name", PACKED)
def test_a_body_is_opened_at_every_cut(name: str, size: int) -> None:
    assert opened(*PACKED[name], size) == BODY


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", deflated), ("br", brotli.compress), ("zstd", squeezed)]
)
def test_of_half_a_body_there_is_a_beginning(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    assert BODY.startswith(opened(encoding, pack(BODY)[:-4], 100))


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_what_is_not_packed_is_refused(encoding: str) -> None:
    with pytest.raises(BadBody):
        opened(encoding, BODY, 100)

"""Compressed bodies, opened in small pieces so that a bomb cannot fill the memory.

httpx opens whatever a read brought in one go, which turns 64 kB of a hostile body into gigabytes. Here every step has
a bound, and a body that grows out of all proportion is refused.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # it has no stubs
import zstandard

ACCEPTED = "gzip, deflate, br, zstd"

_STEP_BYTES = 1024 * 1024
_FREE_BYTES = 64 * 1024 * 1024
"""What any body may grow to, however small it was on the wire."""
_MAX_RATIO = 100
_ZSTD_SLICE = 128
"""zstd has no bound on what a step gives; a block of four bytes gives up to 128 kB, so this much gives up to 4 MB."""
_ZSTD_WINDOW = 8 * 1024 * 1024
"""RFC 8878 asks HTTP clients to support windows up to 8 MB."""


class BadBody(Exception):
    """The body is not what its encoding says, or it grows beyond reason. `str()` is a sentence for the person."""


class _Opener(Protocol):
    def open(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    """gzip with any number of members, and deflate with or without its header. What follows the last is no part."""

    def __init__(self, *, is_deflate: bool) -> None:
        self._is_deflate = is_deflate
        self._stream = zlib.decompressobj()
        self._is_begun = self._is_over = False
        self._head = b""
        """The first byte of a member, until the second comes: only both together say how it is packed."""
        self._members = 0

    def open(self, data: bytes) -> Iterator[bytes]:
        while data and not self._is_over:
            if not self._is_begun:
                data = self._begin(data)
                continue
            piece = self._stream.decompress(data, _STEP_BYTES)
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data
                self._is_begun = False
                self._is_over = self._is_deflate
            if piece:
                yield piece

    def _begin(self, data: bytes) -> bytes:
        """A member begins; what of `data` belongs to it."""
        data = self._head + data
        if len(data) < 2:
            self._head = data
            return b""
        self._head = b""
        is_gzip = data[:2] == b"\x1f\x8b"
        if self._members and not is_gzip:
            self._is_over = True
            return b""
        has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0  # RFC 1950, "CMF" and "FLG"
        is_raw = self._is_deflate and not is_gzip and not has_header
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS if is_raw else zlib.MAX_WBITS | 32)
        self._is_begun = True
        self._members += 1
        return data


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def open(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.is_finished():
            piece = self._stream.process(data, output_buffer_limit=_STEP_BYTES)
            data = b""
            if piece:
                yield piece
            if self._stream.can_accept_more_data():
                return


class _Zstd:
    def __init__(self) -> None:
        packed = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._stream = packed.decompressobj(read_across_frames=True)

    def open(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            piece = self._stream.decompress(data[start : start + _ZSTD_SLICE])
            if piece:
                yield piece


class Decompressor:
    """Opens a body encoded as its `Content-Encoding` header says; anything unknown passes as it is."""

    def __init__(self, encoding: str) -> None:
        self._openers: list[_Opener] = []
        for name in reversed([part.strip().lower() for part in encoding.split(",")][:4]):
            if name in ("gzip", "x-gzip"):
                self._openers.append(_Zlib(is_deflate=False))
            elif name == "deflate":
                self._openers.append(_Zlib(is_deflate=True))
            elif name == "br":
                self._openers.append(_Brotli())
            elif name == "zstd":
                self._openers.append(_Zstd())
        self._read = 0
        self._given = 0

    def open(self, data: bytes) -> Iterator[bytes]:
        """The pieces that these bytes give, each small.

        Raises:
            BadBody: the encoding is broken, or the body is a bomb.
        """
        if not self._openers:
            yield data
            return
        self._read += len(data)
        try:
            for piece in self._through(data, 0):
                self._given += len(piece)
                if self._given > _FREE_BYTES and self._given > self._read * _MAX_RATIO:
                    raise BadBody("The answer grows out of all proportion when it is unpacked.")
                yield piece
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BadBody("The answer is packed in a way that cannot be opened.") from error

    def _through(self, data: bytes, layer: int) -> Iterator[bytes]:
        if layer == len(self._openers):
            yield data
            return
        for piece in self._openers[layer].open(data):
            yield from self._through(piece, layer + 1)

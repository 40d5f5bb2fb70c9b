"""Bodies of answers, decoded under a limit, so that a small answer cannot fill the memory."""

import zlib
from collections.abc import AsyncIterator

ENCODINGS = "gzip, deflate"
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class BodyError(Exception):
    """A body that cannot be read; the text says why, without any of it."""


async def read_body(chunks: AsyncIterator[bytes], encoding: str | None, limit: int) -> bytes:
    """The decoded body of at most `limit` bytes. Raises BodyError."""
    if encoding in {None, "", "identity"}:
        return await _read_plain(chunks, limit)
    if encoding not in {"gzip", "deflate", "x-gzip"}:
        raise BodyError("its encoding was not asked for")
    return await _read_compressed(chunks, limit)


async def _read_plain(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        _hold(len(body), limit)
    return bytes(body)


async def _read_compressed(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    async for chunk in chunks:
        try:
            body += decoder.decompress(chunk, limit + 1 - len(body))
        except zlib.error as error:
            raise BodyError("it cannot be decompressed") from error
        _hold(len(body), limit)
    if not decoder.eof:
        raise BodyError("it ends too early")
    return bytes(body)


def _hold(size: int, limit: int) -> None:
    if size > limit:
        raise BodyError(f"it is larger than {limit} bytes")

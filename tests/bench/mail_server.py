"""A mail server that takes everything and keeps nothing; `python -m tests.bench.mail_server` prints its port."""

from __future__ import annotations

import asyncio

ANSWERS = {b"ehlo": b"250 bench", b"data": b"354 go on", b"quit": b"221 bye"}


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 bench\r\n")
    while line := await reader.readline():
        word = line[:4].strip().lower()
        writer.write(ANSWERS.get(word, b"250 fine") + b"\r\n")
        if word == b"data":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 accepted\r\n")
        elif word == b"quit":
            break
    writer.close()


async def serve() -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())

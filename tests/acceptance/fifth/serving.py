"""Vendors on real ports in threads, and `portico serve` before them as a process."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response


@dataclass(frozen=True)
class Call:
    """One request as it reached a vendor."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Mood:
    """What a vendor does instead of its work: `fails`, `babbles`, `sleeps`, `lies`, or nothing."""

    now: str = ""
    lie: Any = None


def behaving(app: FastAPI, calls: list[Call], mood: Mood) -> None:
    """Log what comes, and be in the mood that a test asks for."""

    @app.middleware("http")
    async def behave(request: Request, call_next: Any) -> Response:  # noqa: ANN401  Starlette's
        calls.append(await _call(request))
        if mood.now and "token" not in request.url.path:
            return await _moody(mood)
        answer: Response = await call_next(request)
        return answer


async def _call(request: Request) -> Call:
    text = await request.body()
    is_json = "json" in request.headers.get("content-type", "") and text
    return Call(
        request.method,
        request.url.path,
        dict(request.query_params),
        dict(request.headers),
        json.loads(text) if is_json else text.decode(),
    )


async def _moody(mood: Mood) -> Response:
    if mood.now == "fails":
        return Response("Byron broke it", 500)
    if mood.now == "sleeps":
        await asyncio.sleep(3)
    if mood.now == "lies":
        return Response(json.dumps(mood.lie), media_type="application/json")
    return Response("<html>Byron, come back later</html>", media_type="text/html")


@contextmanager
def on_a_port(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread; its address."""
    config = uvicorn.Config(app, port=0, log_config=None, ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@contextmanager
def portico_serving(folder: Path, **variables: str) -> Iterator[tuple[str, Path]]:
    """`portico serve` in a folder with a portico.toml: its FHIR base, and its log."""
    log = folder / "log"
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "portico", "serve", "--port", "0"],
            cwd=folder,
            env={**os.environ, **variables},
            stderr=stderr,
        )
    try:
        yield _base(process, log), log
    finally:
        process.terminate()
        process.wait(timeout=20)


def _base(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if line.startswith("Portico: "):
                return f"{line.split()[1].rstrip('/')}/fhir"
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))

"""The sandbox on a real port."""

from collections.abc import Collection
from pathlib import Path

import uvicorn

from portico.sandbox.app import VENDORS, create_app


def serve(
    host: str,
    port: int,
    *,
    mappings: Path,
    vendors: Collection[str] = tuple(VENDORS),
    seed: int | None = None,
    latency: float = 0,
) -> None:
    """Serve until interrupted; `latency` in milliseconds, as `create_app` takes it."""
    app = create_app(mappings, vendors=vendors, seed=seed, latency=latency)
    uvicorn.run(app, host=host, port=port, http="httptools", log_level="warning")

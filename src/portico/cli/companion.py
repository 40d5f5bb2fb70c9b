"""A second process that lives exactly as long as the first.

The second process reads its standard input, of which only the first holds the other end. However
the first one ends, also by SIGKILL, the operating system closes that end, and the second leaves.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE_SECONDS = 5.0


@contextmanager
def companion(arguments: list[str], listener: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """Run `portico` with `arguments` in a process of its own, which inherits `listener`."""
    descriptor = listener.fileno()
    process = subprocess.Popen(  # noqa: S603  our own command line
        [sys.executable, "-m", "portico", *arguments, "--inherit-socket", str(descriptor)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=True,
    )
    listener.close()
    try:
        yield process
    finally:
        _end(process)


def leave_with_parent() -> None:
    """In the second process: end when the first one does."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_PATIENCE_SECONDS)
    os._exit(0)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

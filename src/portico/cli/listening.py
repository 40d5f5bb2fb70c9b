"""Sockets to listen on, bound before anything slow is started so that a taken port is known."""

import errno
import socket

from portico.cli.output import say
from portico.errors import ConfigurationError

_ATTEMPTS = 50
_BACKLOG = 512


def listen(host: str, port: int) -> socket.socket:
    """Listen on exactly this port. Raises ConfigurationError."""
    try:
        return _listening(host, port)
    except OSError as error:
        raise ConfigurationError(_refusal(error, host, port)) from error


def listen_nearby(host: str, port: int) -> socket.socket:
    """Listen on this port, or on the next free one, and say so. Raises ConfigurationError."""
    for candidate in range(port, min(port + _ATTEMPTS, 65536)):
        try:
            listener = _listening(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ConfigurationError(_refusal(error, host, candidate)) from error
            continue
        if candidate != port:
            say(f"Port {port} is taken; using {candidate}.")
        return listener
    raise ConfigurationError(f"port: {port} and the next ports are taken; choose another")


def bound_port(listener: socket.socket) -> int:
    """The port that the socket really has; the system chooses it for port 0."""
    return int(listener.getsockname()[1])


def url_host(host: str) -> str:
    """How a client on this machine writes `host` in a URL."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  recognised, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _listening(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port: {port} on {host} is taken; stop what listens there or choose another"
    return f"host, port: cannot listen on {host} port {port}: {error.strerror}"

"""What a server process logs: JSON lines without patient data."""

import logging

from portico.document import dump


def log_to_stderr(level: int) -> None:
    """Log lines of ours from `level` on, of libraries from warnings on, without foreign texts."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("portico").setLevel(level)


class _Line(logging.Formatter):
    """JSON lines; an exception is its type only, because its text may quote patient data."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return dump(line).decode()

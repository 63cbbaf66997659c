"""The service's log: lines of words for a person at a terminal, lines of JSON for everything else."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

__all__ = ["JsonFormatter", "WordsFormatter", "log_config"]


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "details", {}),
            **_error_of(record),
        }
        return json.dumps(line)


class WordsFormatter(logging.Formatter):
    """Time, level where it is worth a word, message and details: `08:30:00 request POST /v1/tickets 200 0.012 s`."""

    def format(self, record: logging.LogRecord) -> str:
        details = {**getattr(record, "details", {}), **_error_of(record)}
        words = [self.formatTime(record, "%H:%M:%S"), record.getMessage()]
        if record.levelno >= logging.WARNING:
            words.insert(1, record.levelname.lower() + ":")
        words += [str(details.pop(name)) for name in ("method", "route", "status") if name in details]
        if "seconds" in details:
            words.append(f"{details.pop('seconds'):.3f} s")
        details.pop("request_id", None)
        words += [f"{name}={value}" for name, value in details.items()]
        return " ".join(words)


def _error_of(record: logging.LogRecord) -> dict[str, str]:
    """The kind of an error, never its message, which may hold what a request said."""
    if record.exc_info and record.exc_info[0] is not None:
        return {"error": record.exc_info[0].__name__}
    return {}


def log_config(level: str, *, is_terminal: bool) -> dict[str, Any]:
    """Logging of a service, as `logging.config.dictConfig` takes it."""
    formatter = WordsFormatter if is_terminal else JsonFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
        "root": {"handlers": ["line"], "level": level.upper()},
    }

"""Logs and traces of a process, set up once at its entry."""

import logging

from headgate import __version__
from headgate.config import Settings
from headgate.core.observe.logging import start_logging
from headgate.core.observe.spans import start_tracing


def observe(settings: Settings, *, role: str, quiet: bool = False) -> None:
    """Log and trace as the settings say; a `quiet` process logs warnings unless told otherwise."""
    unset = "log_level" not in settings.model_fields_set
    level = "warning" if quiet and unset else settings.log_level
    start_logging(format=settings.log_format, level=level)
    logging.getLogger("pyvips").setLevel(logging.WARNING)
    start_tracing(role=role, version=__version__, otlp_endpoint=settings.otlp_endpoint)

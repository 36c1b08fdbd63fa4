"""Headgate: one event-driven core, five applications."""

__version__ = "0.1.0"

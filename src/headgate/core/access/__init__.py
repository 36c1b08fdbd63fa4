"""Who asks. Every call that reads or changes an org's rows has a principal.

There is one built-in principal until sign-in arrives; what it may do is decided here and nowhere
else, so that roles will not touch every file.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or a program acting in one org."""

    org_id: int
    name: str


LOCAL = Principal(org_id=1, name="local")


def current_principal() -> Principal:
    """Return who makes this HTTP request; a FastAPI dependency."""
    return LOCAL

"""The applications this installation runs."""

from headgate.apps import creative
from headgate.core.app import App
from headgate.core.migrate import Migration, migrations_of

APPS: tuple[App, ...] = (creative.app,)


def migrations() -> list[Migration]:
    """Return every migration of the core and of the installed apps, in the order to apply."""
    found = migrations_of("core", "headgate.core")
    for app in APPS:
        found += migrations_of(app.name, app.package)
    return found

"""The applications this installation runs."""

from headgate.apps import creative
from headgate.core import sinks
from headgate.core.app import App
from headgate.core.migrate import Migration, migrations_of

CORE: tuple[App, ...] = (sinks.app,)
"""What workers run for the core itself. It has no DAG, and no DAG can name its operators."""
APPS: tuple[App, ...] = (creative.app,)


def migrations() -> list[Migration]:
    """Return every migration of the core and of the installed apps, in the order to apply."""
    found = migrations_of("core", "headgate.core")
    for app in APPS:
        found += migrations_of(app.name, app.package)
    return found

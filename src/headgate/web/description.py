"""The OpenAPI description without a server: for generated clients and documents."""

import secrets
import tempfile
from pathlib import Path
from typing import Any

from headgate.config import LocalStore, Settings
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.services import Services
from headgate.core.wake import Wake
from headgate.installed import APPS
from headgate.web.app import create_app
from headgate.wiring import object_store

_URL = "http://localhost"


def describe_api() -> dict[str, Any]:
    """Return what a server with every installed app answers on `/openapi.json`.

    What the description is made from is only built: nothing is connected to.
    """
    database = Database("")
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(home=Path(scratch), object_store=LocalStore())
        services = Services(
            database,
            object_store(settings, url=_URL, secret=secrets.token_bytes()),
            Wake(database, me="description"),
            utc_now,
            resources=dict.fromkeys(app.name for app in APPS),
        )
        return create_app(services, apps=APPS, settings=settings, url=_URL).openapi()

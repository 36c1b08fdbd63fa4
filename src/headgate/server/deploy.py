"""Deploying the DAGs of the installed apps when a server starts."""

from collections.abc import Sequence
from importlib.resources import files

from headgate.core.access import LOCAL
from headgate.core.app import App
from headgate.core.dag.deploy import deploy
from headgate.core.dag.store import last_source_of
from headgate.core.database import Database

_SHIPPED = "headgate"  # the principal of DAGs that came with the code


def known_operators(apps: Sequence[App]) -> frozenset[str]:
    """Return the names that a DAG may use: `<app>.<operator>`."""
    return frozenset(f"{app.name}.{op.name}" for app in apps for op in app.operators)


async def deploy_apps(database: Database, apps: Sequence[App]) -> list[str]:
    """Deploy each app's DAG as it ships; return what changed, as `name version`.

    What people deployed since stays, until a release ships another text.
    """
    changed = []
    for app in apps:
        source = (files(app.package) / "dag.yaml").read_text(encoding="utf-8")
        async with database.connection() as conn:
            shipped = await last_source_of(
                conn, org_id=LOCAL.org_id, dag=app.name, principal=_SHIPPED
            )
            if shipped == source:
                continue
            result = await deploy(
                conn,
                org_id=LOCAL.org_id,
                source=source,
                file=f"{app.name}/dag.yaml",
                known_operators=known_operators(apps),
                principal=_SHIPPED,
                expect_version=None,
            )
        if result.changed:
            changed.append(f"{app.name} v{result.version}")
    return changed

"""The one place that chooses an adapter for each port."""

import tempfile
from pathlib import Path
from typing import assert_never

from pydantic import SecretStr

from headgate.config import LocalStore, S3Store, Settings, environment
from headgate.ports.object_store import ObjectStore
from headgate.ports.postgres import PostgresServer
from headgate.ports.runtime import Runtime

# What a child imports before its first work, besides the app that it runs.
_PRELOAD = ("headgate.core.work.remote.child",)


def postgres(settings: Settings) -> PostgresServer:
    """Return the server that holds everything: yours if a URL is set, else the bundled one."""
    if settings.database_url is not None:
        from headgate.ports.postgres.external import ExternalPostgres

        return ExternalPostgres(settings.database_url.get_secret_value())
    from headgate.ports.postgres.embedded import EmbeddedPostgres

    return EmbeddedPostgres(
        settings.home / "postgres",
        log=settings.home / "log" / "postgres.log",
        socket_base=Path(tempfile.gettempdir()),
    )


def object_store(settings: Settings, *, url: str, secret: bytes) -> ObjectStore:
    """Return the store; `url` and `secret` are for the signed URLs of the local one."""
    match settings.object_store:
        case LocalStore(root=root, keep_versions=keep_versions):
            from headgate.ports.object_store.local import LocalObjectStore

            return LocalObjectStore(
                root or settings.home / "objects",
                base_url=url,
                secret=secret,
                keep_versions=keep_versions,
            )
        case S3Store() as s3:
            from headgate.ports.object_store.s3 import S3ObjectStore

            return S3ObjectStore(
                s3.bucket,
                prefix=s3.prefix,
                region=s3.region,
                endpoint=s3.endpoint,
                access_key=_plain(s3.access_key),
                secret_key=_plain(s3.secret_key),
                allow_http=s3.allow_http,
            )
        case other:
            assert_never(other)


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


def child_runtime(settings: Settings) -> Runtime:
    """Return the pool of child processes for hostile or native work."""
    from headgate.ports.runtime.child_process import ChildProcessRuntime

    return ChildProcessRuntime(size=settings.worker.children, env=environment(), preload=_PRELOAD)

"""All configuration, read once at the entry point and passed down.

Each setting is an environment variable: `HEADGATE_` and the name here, nested names joined by two
underscores (`HEADGATE_OBJECT_STORE__KIND=s3`). An unknown one is refused: it would be a typo.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from headgate.apps.creative.settings import CreativeSettings
from headgate.core.errors import InvalidInput, Problem
from headgate.core.retention.rules import Keep

_PREFIX = "HEADGATE_"


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LocalStore(_Group):
    """Objects are files in the data folder."""

    kind: Literal["local"] = "local"
    root: Path | None = None  # default: <home>/objects
    keep_versions: int = Field(default=10, ge=0)


class S3Store(_Group):
    """Objects live in a bucket of S3 or of a server that speaks its protocol."""

    kind: Literal["s3"]
    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    endpoint: str | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    allow_http: bool = False


class WorkerSettings(_Group):
    slots: int = Field(default=500, ge=1, le=10_000)  # tasks at once in the worker's own process
    children: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=0, le=256)
    lease_seconds: float = Field(default=15.0, ge=1, le=600)
    drain_seconds: float = Field(default=10.0, ge=0)


class RetentionSettings(_Group):
    events_days: int = Field(default=30, ge=1, le=3650)
    history_days: int = Field(default=30, ge=1, le=3650)
    logs_days: int = Field(default=14, ge=1, le=3650)
    dead_letters_days: int = Field(default=14, ge=1, le=3650)
    versions_days: int = Field(default=30, ge=1, le=3650)  # of a local store
    vacuum_alarm_minutes: float = Field(default=10.0, gt=0)

    @property
    def keep(self) -> Keep:
        return Keep(
            events=timedelta(days=self.events_days),
            history=timedelta(days=self.history_days),
            logs=timedelta(days=self.logs_days),
            dead_letters=timedelta(days=self.dead_letters_days),
            versions=timedelta(days=self.versions_days),
        )


class Settings(BaseSettings):
    """The whole configuration of a Headgate process."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    home: Path = Path(".headgate")
    host: str = "127.0.0.1"
    port: int = Field(default=8400, ge=0, le=65535)
    server: str | None = None  # where the command line finds a running server
    database_url: SecretStr | None = None  # default: the bundled Postgres in <home>
    object_store: Annotated[LocalStore | S3Store, Field(discriminator="kind")] = LocalStore()
    worker: WorkerSettings = WorkerSettings()
    retention: RetentionSettings = RetentionSettings()
    creative: CreativeSettings = CreativeSettings()
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    otlp_endpoint: str | None = None


def load_settings(**overrides: Any) -> Settings:
    """Read the environment; `overrides` are flags of the command line and win. None means unset.

    Raises `InvalidInput` with every wrong setting, also for unknown HEADGATE_ variables.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    problems = _unknown(os.environ)
    settings: Settings | None = None
    try:
        settings = Settings(**given)
    except ValidationError as error:
        problems += [
            Problem(
                _PREFIX
                + "__".join(
                    str(part) for part in fault["loc"] if part not in {"local", "s3"}
                ).upper(),
                fault["type"],
                fault["msg"],
            )
            for fault in error.errors(include_url=False, include_input=False)
        ]
    if problems or settings is None:
        raise InvalidInput("The settings are not right.", problems=problems)
    return settings


def environment() -> Mapping[str, str]:
    """Return this process's environment, for who hands a part of it on."""
    return dict(os.environ)


def _unknown(environment: Mapping[str, str]) -> list[Problem]:
    known = set(Settings.model_fields)
    return [
        Problem(name, "unknown_setting", "there is no such setting")
        for name in environment
        if name.startswith(_PREFIX)
        and name.removeprefix(_PREFIX).lower().partition("__")[0] not in known
        and not name.startswith(f"{_PREFIX}TEST_")
    ]

"""What the web, the apps' routes and the sources share in one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headgate.core.clock import Clock
from headgate.core.database import Database
from headgate.core.wake import Wake
from headgate.ports.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class Services:
    """`resources` holds, by app name, what each app built from its settings."""

    database: Database
    objects: ObjectStore
    wake: Wake
    clock: Clock
    resources: Mapping[str, Any] = field(default_factory=dict)

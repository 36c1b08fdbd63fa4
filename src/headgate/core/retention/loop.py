"""The loop of retention: a sweep an hour, a look at vacuum a minute."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args

from headgate.core.errors import DatabaseUnavailable
from headgate.core.observe.metrics import Family, counter, gauge
from headgate.core.retention.gone_objects import GoneObjects
from headgate.core.retention.partitions import Swept, drop_old_days, why_days_wait
from headgate.core.retention.rows import UNRESOLVED, drop_old_rows
from headgate.core.retention.rules import Keep, Table
from headgate.core.retention.vacuum import VacuumWatch
from headgate.core.services import Services
from headgate.ports.object_store import ObjectStoreError

_log = logging.getLogger("headgate.retention")
_LOOK = 60.0
_LOOKS_A_SWEEP = 60
_VERSIONS_EVERY = timedelta(days=1)


class Retention:
    """Any number may run against one database; each does whatever the others left."""

    def __init__(self, services: Services, *, keep: Keep, alarm_after: timedelta) -> None:
        self._services = services
        self._keep = keep
        self._gone = GoneObjects(services.database, services.objects)
        self._vacuum = VacuumWatch(services.database, alarm_after=alarm_after)
        self._swept = Swept()
        self._versions_at: datetime | None = None
        self._told: list[str] = []
        self.counts: Counter[str] = Counter()

    @property
    def warnings(self) -> list[str]:
        """What a person should look at; nothing of it stops the work."""
        return [*why_days_wait(self._swept), *self._vacuum.warnings]

    async def run(self) -> None:
        """Keep the database small and watched until cancelled. One that is away is waited for."""
        looks = 0
        while True:
            try:
                await self.look()
                # A table that was in use is asked for again soon, one that is free in an hour.
                if looks % _LOOKS_A_SWEEP == 0 or self._swept.busy:
                    await self.sweep()
                looks += 1
            except DatabaseUnavailable as error:
                _log.warning("retention waits: %s", error.message)
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Look once at what holds vacuum back."""
        await self._vacuum.look(now=self._services.clock())

    async def sweep(self) -> Swept:
        """Drop once whatever is past its age now."""
        now = self._services.clock()
        # Rows first: a dead letter that goes by age holds no day any more.
        rows = await drop_old_rows(self._services.database, keep=self._keep, now=now)
        swept = await drop_old_days(self._services.database, keep=self._keep, now=now)
        rows.update(await self._forget_objects(now))
        self._swept = swept
        self._tell(swept, rows)
        return swept

    def families(self) -> Iterator[Family]:
        """Yield the figures of this loop."""
        yield counter(
            "headgate_retention_dropped_total",
            "What went because it was old: days of tables, rows, versions of objects.",
            [({"what": what}, n) for what, n in sorted(self.counts.items())],
        )
        held = Counter(day.table for day in self._swept.held)
        yield gauge(
            "headgate_retention_days_held",
            "Days that are past their age and still needed.",
            [({"table": table}, held[table]) for table in get_args(Table)],
        )
        yield from self._vacuum.families()

    async def _forget_objects(self, now: datetime) -> Counter[str]:
        forgotten: Counter[str] = Counter()
        try:
            forgotten["announced objects"] = await self._gone.look(before=now - self._keep.events)
            if self._versions_at is None or now - self._versions_at >= _VERSIONS_EVERY:
                before = now - self._keep.versions
                forgotten["old versions"] = await self._gone.expire_versions(before=before)
                self._versions_at = now
        except ObjectStoreError as error:
            _log.warning("old objects are not forgotten yet: %s", error)
        return +forgotten

    def _tell(self, swept: Swept, rows: Counter[str]) -> None:
        dropped = Counter(f"days of core.{day.table}" for day in swept.dropped)
        gone = dropped + rows
        self.counts += gone
        if gone:
            _log.info(
                "dropped what is old: %s", ", ".join(f"{n} {what}" for what, n in gone.items())
            )
        if lost := rows[UNRESOLVED]:
            _log.warning("%d dead letters went by age, and nobody had dealt with them", lost)
        waiting = why_days_wait(swept)
        for text in waiting:
            if text not in self._told:
                _log.warning("%s", text)
        self._told = waiting

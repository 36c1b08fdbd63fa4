"""The duty of sampling, which the leading Dispatcher does."""

import time

from headgate.core.database import Database
from headgate.core.flow import store
from headgate.core.flow.rules import SETTLE

_SHARE = 20  # a sample is followed by this many times its length of rest


class Sampler:
    """Remembers up to when completions are counted, so that idle times need no row."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: store.Sampled | None = None

    async def sample(self) -> float:
        """Take a sample; return how many seconds to rest at least."""
        started = time.monotonic()
        async with self._database.connection() as conn:
            since = self._last.until if self._last else None
            self._last = await store.sample(conn, since=since, settle=SETTLE)
        return _SHARE * (time.monotonic() - started)

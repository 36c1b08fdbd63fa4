"""What opens one more connection to the database of a test or a round."""

from collections.abc import Awaitable, Callable

from headgate.core.database import Connection

Connect = Callable[[], Awaitable[Connection]]

"""What happened: the append-only event log.

An event is one line of the log: a dataset, `update` or `invalidate`, and where: a text key or a
half-open integer range. Emitting with an idempotency key is a no-op the second time. Events are
routed by the Dispatcher in the order in which transactions *commit* (see `dispatch`), so a late
commit is late, never lost.
"""

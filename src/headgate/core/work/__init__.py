"""Doing it: claim, run, complete; and when that fails, retry, give up, or explain.

A worker leases tasks for its session, runs each one's operator, and completes them by sets. The
token of a lease is its fence: a completion changes rows only while the lease with that token is
there, and the operator's own rows and events are written in that same transaction. So an attempt
that lost its lease, a completion sent twice and a worker that woke from the dead all change
nothing. One heartbeat a worker, not one a task, keeps all of its leases alive.
"""

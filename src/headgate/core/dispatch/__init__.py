"""Events to tasks. The Dispatcher is the valve between what happens and what is done.

Route: a window is the set of events that are visible in snapshot `s2` and were not in `s1`. The
router walks it in (xid, id) order and, in one statement, turns up to N events into pending tasks
and moves the cursor. `id > cursor` would lose every event whose transaction commits after one with
a higher id; the pair of snapshots cannot, and a long transaction delays only its own events.

Coalesce: the pending table's primary key is (job, ckey), so two pending tasks for the same work are
unrepresentable. New events merge into the pending row; claiming deletes that row, so an event that
comes during a run makes a successor and is never folded into an attempt that already started. A
retry folds back with the same upsert.

Reap: a lease whose worker stopped heart-beating, or that is past its deadline, is completed as lost
by the same statement that completes everything else. Any number of dispatchers may run: the
router's row lock and SKIP LOCKED keep them apart, and nothing depends on there being just one.
"""

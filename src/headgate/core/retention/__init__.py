"""What is old goes, so that the metadata stays as large as what a few weeks write, for years.

The tables that grow are partitioned by day, and a day past its age is dropped whole: no dead rows,
no vacuum. A day of events waits while it is needed: while an event in it is not routed, or a
pending task, a running one, a backfill or an open dead letter still covers one. What small tables
keep goes by batches.

A drop needs a lock that excludes every emit for a moment. It is asked for with a short timeout, and
asked for again later, so that no emit waits long behind it.

Postgres itself cannot remove dead rows while somebody's old snapshot might see them. That somebody
is found and named here, before the queues slow down.
"""

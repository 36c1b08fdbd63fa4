"""Why: what made a task run, what one waits for, why a dataset is stale, what a change touches.

waiting   why a pending task does not run: every reason that holds now
dataset   fresh or stale, what mends it, what blocks that, upstream to the causes
task      where a task came from, what it waits for, how it ended
event     what became of an event: routed, into which tasks, and into which not
cascade   what followed from an event: hop by hop the jobs that ran or wait, and whether it rests
lineage   what a task, or a dataset, was made from, and what was made from it
inventory datasets as people list them: freshness, producer, sink, history
standing  how jobs stand: paused, held, at work, failing, idle
impact    what an invalidation would run again; and invalidating
backfill  what is left of big events to be made into tasks; stopping that and going on
covered   events and the tasks that cover them      making    what the producer has in hand

All of it only reads, but for invalidating and for stopping a backfill. Each statement looks at a
bounded number of rows, by an index, however long the history and the queues are; where that leaves
something out, the answer says so.
"""

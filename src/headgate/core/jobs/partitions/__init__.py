"""What of a job is done, runs, waits, is dead or stale: in cells over a range, or key by key."""

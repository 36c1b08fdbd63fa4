"""What makes a part of a dataset anew: the producer's tasks, backfills, dead letters and events."""

"""What an invalidation would run again: datasets, jobs, tasks and time; and invalidating."""

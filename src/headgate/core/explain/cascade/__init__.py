"""What followed from one event: hop by hop the jobs that ran because of it, and what waits."""

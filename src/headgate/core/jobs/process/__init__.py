"""Running one job over a part of its partitions again, and no other job."""

"""What became of an event: whether it is routed, into which tasks, and why into no others."""

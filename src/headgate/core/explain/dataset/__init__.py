"""Whether a dataset is fresh; if not, what mends it, and what that waits for, up to the causes."""

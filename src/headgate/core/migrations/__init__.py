"""Forward-only SQL migrations of the core, applied in the order of their names."""

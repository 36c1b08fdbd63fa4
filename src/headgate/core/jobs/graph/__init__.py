"""The graph with what happens in it now."""

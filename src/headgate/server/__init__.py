"""Headgate as running processes: everything in one, or a worker or dispatcher of its own."""

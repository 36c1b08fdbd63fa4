"""What a task was made from, and what was made from it."""

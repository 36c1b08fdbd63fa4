"""The queue of each job at this moment: what waits, what holds it, who works on it."""

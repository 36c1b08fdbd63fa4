"""Events and tasks: which events a task covers or emitted, and which tasks cover an event."""

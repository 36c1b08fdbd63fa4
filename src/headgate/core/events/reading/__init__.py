"""Reading the event log for people: by dataset, kind, place, producer and time."""

"""Why a task came to be, what it waits for, and how it ended."""

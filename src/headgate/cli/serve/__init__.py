"""Commands that run Headgate in this process: thin, since `headgate.server` does the work."""

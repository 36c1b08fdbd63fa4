"""HTTP as the command line speaks it: one connection, problem details, streamed bodies."""

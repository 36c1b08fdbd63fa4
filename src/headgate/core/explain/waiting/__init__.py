"""Why a pending task does not run: every reason that holds now, from the facts of one moment."""

"""How jobs stand now: paused, held, at work, with work, failing, or idle."""

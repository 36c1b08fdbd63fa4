"""Backfills: what is left of big events to be made into tasks; stopping that and going on."""

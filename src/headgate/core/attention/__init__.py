"""What needs a person, most urgent first: what failed, stands still, is held or is missing.

Each item says whose fault it is and what to do. Every look is bounded: of what there may be many,
the newest, the oldest or the first are looked at, and `complete` says whether that was all.
"""

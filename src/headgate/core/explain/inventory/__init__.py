"""Datasets as people list them: who makes and reads each, how fresh it is, what came into it."""

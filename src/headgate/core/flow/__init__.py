"""How much waits, runs and ends over time: samples that the leading Dispatcher takes, and series.

A sample is a row for each job with something to tell and one for its org; where there is none,
nothing waited, ran or ended. They are kept for seven days, and nothing is decided by them.
"""

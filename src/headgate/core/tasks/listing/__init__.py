"""Lists of tasks by what they have in common, and how many there are of each state.

Each place in which a task may be (pending, leased, the history, the dead letters) is looked through
by an index in the order of ids, a bounded number of rows at a time. What it gives are candidates:
the state of each is read again from where it is now, and the rest of the filter applied to that. A
look that ends before its place does says how far it came, and the next page goes on from there.
"""

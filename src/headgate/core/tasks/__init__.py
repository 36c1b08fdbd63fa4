"""Reading and steering tasks: list, find, cancel, retry. Acts on dead letters are in `letters`.

A task is in one place at a time: pending, leased, or only in the history. Its state is read from
where it is, in one snapshot, and is stored nowhere else, so it cannot be out of date.

Steering races with workers, and a row that is deleted or updated decides who wins: a cancel that
finds the pending row gone lost to a claim, and asks the worker instead. What goes back to work is
merged into the pending task of the same key by the rules of `work`'s `complete`, so nothing that
was covered is lost. Such an act leaves a history row without `leased_at`: the trace of where the
task went, not an attempt.
"""

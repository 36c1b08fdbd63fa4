"""Acting on dead letters: group, redrive, discard, reopen, edit and replay.

A letter is in one state, and its row decides every race: each act is an update of rows that are
still in the state that the act starts from, so of two acts on one letter one finds nothing. What a
letter covers is in one place at any time: in the letter while it is open, discarded or superseded,
in the task that a redrive made (or merged it into), or in the event that took its place.

A redrive of many, or one with a rate, is an operation. What it was asked for and how far it came
(its course) are in the operation's row, which is written in the transaction that moves the letters:
any server goes on with it after any crash, by locking that row, and a letter is moved once.
"""

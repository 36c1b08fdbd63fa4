"""What people asked for that takes a while: an operation has a state, progress, and a result.

An HTTP request that starts long work answers 202 with an operation's address. Its state is written
in the same transactions as the work's own rows, so the two never disagree. A cancel is a request:
whoever carries the operation out sees it between two of its transactions, and says how far it came.
"""

"""A POST that is sent twice is done once.

With an `Idempotency-Key` the answer is kept for a day: the same key and body get it again, another
body is a conflict, and so is the same one while the first is still at work. Only success is kept:
what was refused changed nothing and may be sent again. A server that is killed in the middle leaves
the key taken but unanswered; after a minute another may take it over.
"""

"""Backpressure: who is held because what they make waits at full queues.

Sources never are: what they emit waits in Postgres. Jobs upstream of a full queue get no slots
until it has drained to a share of its limit; their own queues fill, and hold those before them.
"""

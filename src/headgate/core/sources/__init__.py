"""Where events come from: an object that was created, a schedule, an HTTP call.

A source always emits; what happens to its events is the Dispatcher's business. Each announces what
it saw in the same transaction in which it remembers having seen it, so neither a restart nor two
processes that watch the same thing emit it twice.
"""

"""The worker contract: what a worker in any language does with a task, over messages.

A worker opens a session, claims tasks for it, and completes each one; a heartbeat (or a claim that
waits) keeps all its leases alive. The rules are those of the worker in our own process, because the
statements are: a lease's token fences everything that its task leaves behind.

Nothing of a worker is kept in the server's memory, so its calls may go to any server of an
installation. What a caller may do is in the token that it shows: a session's token claims for that
session, a task's token reads that task's inputs, emits for it and completes it. A message that has
a fault changes nothing, and names every fault.

`messages` are the types of the contract, `tokens` what they show, `rules` what is pure; `sessions`,
`claims`, `inputs`, `emitting` and `completing` are the calls, all over one `Desk`.
"""

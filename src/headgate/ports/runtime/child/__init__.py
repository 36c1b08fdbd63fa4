"""A warm child process and the parent's hold on it.

    parent ──lifeline (pipe)──► keeper ──fork──► worker process ──fork──► whatever the work starts
       ▲  └────────────────── frames (socketpair) ──────────┘                      │
       └──────────────────── output (pipe): printed lines ─────────────────────────┘

The worker process runs the work. The keeper runs no foreign code: it adopts every process that the
work leaves behind, and when the lifeline closes, because the parent wants so or because the parent
died, or when the worker process dies, it kills all of them, then ends the way the worker did.
So nothing survives: not a daemon in a session of its own, not the twin of a fork. Elsewhere than
on Linux nobody can adopt: there the process group of the work is killed, and what left the group
survives.

    main      the keeper              launch    starts and ends it, from the parent
    worker    the worker process      process   runs works in it, one after another
    rlimits   limits set from within  watch     limits seen from without, by `table`
    frames    what the two say        output    printed lines into the log
"""

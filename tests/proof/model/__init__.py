"""The dispatcher's protocol as a model, small enough to look at every state that it can get into.

A flow of a few jobs over datasets of one cell each runs in every order of its atomic actions:
sources commit, the router routes, marks and sweeps, workers claim, read, die, come back and answer.
What must hold is checked at each step, and from each state that all can still end well. The model
says the rules that the SQL of `core/dispatch` and `core/work` must keep; whether it does, the other
tests of the proof show.

rules     each rule of the protocol, to be left out     state    what a state holds
flow      jobs, datasets, and what reaches what         flows    the flows that are looked at
world     a flow under rules: what all actions share    log      commits, and events that follow
router    routing, marking, sweeping                    work     claims, faults, answers
explore   all states, and a shortest way to a fault     left_out rules left out, and what that breaks
"""

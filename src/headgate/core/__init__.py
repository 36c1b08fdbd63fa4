"""The core: one folder a stage of the way of an event, in the order of the flow.

sources      where events come from: object created, schedule, HTTP
events       what happened: the durable log
sinks        from events to tables: the rows of buffered datasets
dag          what should run: YAML, validation, plan, deploy; the registry of datasets
dispatch     events to tasks: route, carve, sweep, reap, promote, hold, lead
work         doing it: claim, run, complete, retry, dead letters
tasks        reading and steering what is done: list, cancel, retry, redrive
explain      why something ran or waits, what it was made of, what a change would touch
operations   what people asked for and how far it is
access       who asks: principals
retention    what is old goes: days, rows, objects that are gone; what holds vacuum back; dumps
observe      logs, metrics, traces, the change stream
"""

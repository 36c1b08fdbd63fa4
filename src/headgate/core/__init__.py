"""The core: one folder a stage of the way of an event, in the order of the flow.

sources      where events come from: object created, schedule, HTTP
events       what happened: the durable log
sinks        from events to tables: the rows of buffered datasets
dag          what should run: YAML, validation, plan, deploy; the registry of datasets
dispatch     events to tasks: route, carve, sweep, reap, promote, hold, lead
flow         how much waits, runs and ends over time: samples and series
work         doing it: claim, run, complete, retry, dead letters
tasks        reading and steering what is done: list, cancel, retry, redrive
jobs         jobs and their graph as people see them; running one over a part again
explain      why something ran or waits, what it was made of, what a change would touch
queues       what waits for each job now and what holds it; who works
attention    what needs a person, most urgent first; how all is at one look
operations   what people asked for and how far it is
access       who asks: principals
retention    what is old goes: days, rows, objects that are gone; what holds vacuum back; dumps
observe      logs, metrics, traces, the change stream
"""

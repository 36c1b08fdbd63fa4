"""The core: one folder a stage of the way of an event, in the order of the flow.

sources      where events come from: object created, schedule, HTTP
events       what happened: the durable log
dag          what should run: YAML, validation, plan, deploy; the registry of datasets
dispatch     events to tasks: route, reap, promote, upkeep
work         doing it: claim, run, complete, retry, dead letters
tasks        reading and steering what is done: list, cancel, retry, redrive
operations   what people asked for and how far it is
access       who asks: principals
observe      logs, metrics, traces, the change stream
"""

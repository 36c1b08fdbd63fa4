"""What people see of a running system: structured logs, metrics, traces, the change stream.

changes      what happened since a watcher looked last
store        the statements: changes, workers, lag, and the registry as people read it
metrics      figures as Prometheus reads them
logging      log lines as text or JSON, with the trace they belong to
tracing      one trace from a request to its outputs
spans        what is kept of traces: in memory, and in a collector
"""

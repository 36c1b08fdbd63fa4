"""What people see of a running system: structured logs, metrics, traces, the change stream."""

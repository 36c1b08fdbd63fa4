"""What every request passes: host and origin, size limit, trace, idempotency key, errors."""

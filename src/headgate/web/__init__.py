"""HTTP: the API that programs and the command line use, and the console.

A request passes the edge (`edge/`: who may call, how large a body may be, trace and figures,
idempotency keys), then a route of `api/`, of an app, or of the console (`console/`). Whatever goes
wrong on the way becomes problem details in one place, `edge/errors.py`.
"""

"""The calls of workers: the contract of `core/work/contract` over HTTP.

They are many and small, so they take a short way: `dispatch` answers them before the idempotency
keys and the routes of the rest of the API, bodies are decoded into the contract's types and nothing
else, and `description` adds to the OpenAPI text what no framework sees.
"""

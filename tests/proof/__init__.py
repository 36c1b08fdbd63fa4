"""The proof of the core: its statements, loops and processes against real Postgres.

`deployment` puts a DAG into a test database, `ledger` is the small model that the router is held
against, `chaos` and `invariants` drive and judge random rounds, `workers` runs workers in this
process and in others.
"""

"""The command line.

`main` runs one command of the `catalog` and turns its errors into exit codes. `serve` holds the
commands that are Headgate, `about` those that look at it, `nouns` those that ask a running server
to do something: through `find_server`, `client` (over `wire`) and `output`. None of these loads
more than it needs; importing this package loads nothing.
"""

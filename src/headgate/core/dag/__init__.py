"""What should run: YAML in, rows of the registry out.

schema    the language, as types; its JSON Schema is published in docs/reference
scalars   durations, cron lines, time zones
suggest   "did you mean"
load      text to a checked DAG, or every fault with its place
check/    what a file must satisfy: form, parts, and the rest of the org
graph/    cycles, order, reach of an invalidation, layout, picture
plan      what a deploy would change
rows      a DAG as rows
deploy    check, plan and write in one transaction
store     the statements
"""

"""From events to tables: the sink of each buffered dataset.

Events of a buffered dataset carry rows: the payload is one row or a list of rows, and an emitter
whose rows do not fit the schema is refused (`rules`). A deploy gives the dataset a table (`tables`)
and a job of its own with the operator `core.sink`, so each has its own queue, lease, retries and
dead letters, and one that fails leaves the others alone.

The sink writes by sets, in the transaction that completes its task: an attempt that lost its lease
writes nothing. What stands in the table depends only on which events were written, not on their
order nor on how they were cut into tasks: a row stands if no later event invalidated its place. So
a dead letter may be redriven at any time.

    update                 its rows are added
    invalidate, with rows  they take the place of what earlier events put at the same place
    invalidate, without    what earlier events put there goes

The place of an event is its range (overlapping ones are the same place) or its key; an event
without either concerns the whole dataset. The events that one run of an operator emits do not
replace each other, so rows that are too many for one event may come in several.
"""

from headgate.core.app import App, operators_in
from headgate.core.sinks import operators

app = App(name="core", package="headgate.core.sinks", operators=operators_in(operators))

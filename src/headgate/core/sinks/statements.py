"""Statements about the table of one dataset: its name and its columns are part of their text.

Named ones without such parts are in `queries.sql`. A test prepares these on every type of column.
"""

from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from headgate.core.sinks.model import TYPES, Difference, Table, schema_of

# The rows of the events with these ids. What an event has put into the table once is not put there
# again: a task may cover the ids of events that another one wrote. Both `offset 0` are fences: a
# plan that joins whole tables here is bad whenever they are large.
_INSERT = SQL("""
insert into {table} (_event, _row, _rng, _key, _at{names})
select e.id, r._row, e.rng, e.key, e.at{values}
  from unnest(%(evs)s::int8multirange) as span
 cross join lateral (
    select id, rng, key, at,
           case jsonb_typeof(payload) when 'array' then payload
                else jsonb_build_array(payload) end as rows
      from core.event e
     where dataset_id = %(dataset_id)s and id >= lower(span) and id < upper(span)
       and payload is not null
       and not exists (select from {table} t where t._event = e.id and t._row = 1 offset 0)
    offset 0) e
 cross join lateral rows from (jsonb_to_recordset(e.rows) as ({typed})) with ordinality
       as r({aliases}, _row)
""")
# Rows that a later event of their place invalidated: any row, if that event is one of these; a row
# of these, whichever event that is, since it may have been written before. Later means: than the
# first event that the same run of the producer emitted, for rows that do not fit into one event
# come in several. Event by event: each has one row with the number 1, and only those are in the
# indexes of places. Each `offset 0` is a fence, and so is the array: walks of an index, however few
# or many rows the planner expects.
_DELETE = SQL("""
with told as materialized (
    select id, rng, key, producer_task, id <@ %(evs)s::int8multirange as mine from core.event
     where dataset_id = %(dataset_id)s and kind = 1 and id >= lower(%(evs)s::int8multirange)
), run as materialized (
    select p.producer_task, f.first
      from (select distinct producer_task from told where producer_task is not null) p
     cross join lateral (
        select min(id) as first from core.event
         where producer_task = p.producer_task and dataset_id = %(dataset_id)s) f
), later as materialized (
    select rng, key, mine, max(coalesce(first, id)) as first
      from told left join run using (producer_task) group by rng, key, mine
), gone as (
    select t._event from later i cross join lateral (
        select _event from {table} where _row = 1 and _rng && i.rng and _event < i.first
           and (i.mine or _event <@ %(evs)s::int8multirange) offset 0) t
     where i.rng is not null
    union
    select t._event from later i cross join lateral (
        select _event from {table} where _row = 1 and _key = i.key and _event < i.first
           and (i.mine or _event <@ %(evs)s::int8multirange) offset 0) t
     where i.key is not null
    union
    select t._event from later i cross join lateral (
        select _event from {table} where _row = 1 and _event < i.first
           and (i.mine or _event <@ %(evs)s::int8multirange) offset 0) t
     where i.rng is null and i.key is null
)
delete from {table} where _event = any (array(select _event from gone))
""")
_CREATE = SQL("""
create table {table} (
    _event bigint not null, _row int not null, _rng int8range, _key text collate "C",
    _at timestamptz not null{columns}, primary key (_event, _row));
create index on {table} using gist (_rng) where _row = 1 and _rng is not null;
create index on {table} (_key) where _row = 1 and _key is not null;
""")


def insert_rows(table: Table) -> Composed:
    names = [Identifier(name) for name in table.columns]
    typed = [SQL("{} {}").format(Identifier(n), _type(k)) for n, k in table.columns.items()]
    return _INSERT.format(
        table=_name(table),
        names=_each(SQL(", {}"), names),
        values=_each(SQL(", r.{}"), names),
        typed=SQL(", ").join(typed),
        aliases=SQL(", ").join(names),
    )


def delete_replaced(table: Table) -> Composed:
    return _DELETE.format(table=_name(table))


def create_schema(org_id: int) -> Composed:
    return SQL("create schema if not exists {}").format(Identifier(schema_of(org_id)))


def create_table(table: Table) -> Composed:
    columns = [
        SQL(", {} {}").format(Identifier(n), _type(kind)) for n, kind in table.columns.items()
    ]
    return _CREATE.format(table=_name(table), columns=SQL("").join(columns))


def alter_table(table: Table, change: Difference) -> Composed:
    steps = [SQL("drop column {}").format(Identifier(name)) for name in change.drop]
    steps += [
        SQL("add column {} {}").format(Identifier(n), _type(kind)) for n, kind in change.add.items()
    ]
    return SQL("alter table {} {}").format(_name(table), SQL(", ").join(steps))


def lock_table(table: Table) -> Composed:
    return SQL("lock table {} in access exclusive mode").format(_name(table))


def filled_tables(tables: Sequence[Table]) -> Composed:
    one = SQL("select {} as dataset where exists (select from {})")
    return SQL(" union all ").join(one.format(Literal(t.dataset), _name(t)) for t in tables)


def _name(table: Table) -> Identifier:
    return Identifier(table.schema, table.dataset)


def _type(kind: str) -> SQL:
    return SQL(TYPES[kind])


def _each(form: SQL, parts: Sequence[Composable]) -> Composed:
    return SQL("").join(form.format(part) for part in parts)

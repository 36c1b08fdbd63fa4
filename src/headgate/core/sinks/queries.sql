-- name: buffered_dataset
-- What a sink writes, and where.
select id, schema from core.dataset
 where org_id = %(org_id)s and name = %(name)s and write_mode = 'buffered' and schema <> '{}'

-- name: begin_writing
-- What the attempt covers: its lease is gone by now, and only one that was accepted as a success is
-- found here. The bound on the time only spares a look at old partitions.
-- A table that somebody locks must not keep one of the worker's connections: the attempt fails, and
-- is tried again. No plan may read a whole table: those made while it was small would be kept.
select evs::text, set_config('lock_timeout', '10s', true), set_config('enable_seqscan', 'off', true)
  from core.task_history
 where task_id = %(task_id)s and token = %(token)s and outcome = 0
   and done_at > now() - interval '1 day'

-- name: begin_altering
-- A deploy that waited for a table would keep its readers and its sink waiting behind it.
select set_config('lock_timeout', '2s', true)

-- name: lock_tables
-- One deploy at a time makes tables and schemas, whichever org it is of.
select pg_advisory_xact_lock(1212498246)

-- name: tables
-- The tables that an org's buffered datasets have or had, by the name of the dataset.
select c.relname as dataset,
       jsonb_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)) as columns
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where n.nspname = %(schema)s and c.relkind = 'r'
 group by c.relname

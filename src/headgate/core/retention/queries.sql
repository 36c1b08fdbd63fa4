-- name: old_partitions
-- The day partitions before the first day that is kept, oldest first.
select t.parent as "table", c.relname::text as name, right(c.relname, 8) as day
  from unnest(%(tables)s::text[], %(days)s::date[]) as t(parent, first_kept)
  join pg_inherits i on i.inhparent = ('core.' || t.parent)::regclass
  join pg_class c on c.oid = i.inhrelid
 where c.relname ~ ('^' || t.parent || '_\d{8}$')
   and right(c.relname, 8) < to_char(t.first_kept, 'YYYYMMDD')
 order by t.parent, c.relname

-- name: bound_lock_waits
-- Give up a lock of this transaction that is not to be had within so many milliseconds.
select set_config('lock_timeout', %(milliseconds)s::int::text, true)

-- name: holds_on_events
-- Why the events of a time are still needed; no row when they are not. The router and who claims,
-- ends or redrives tasks move what is covered from one place to another in one statement each, so
-- one snapshot sees every event in some place. An event is routed when the cursor's first snapshot
-- sees it, or the walk of an open window has passed it.
with day as materialized (
    select min(id) as low, max(id) as high
      from core.event where at >= %(since)s and at < %(until)s having min(id) is not null
), unrouted as (
    select 1
      from core.router r join core.event e on e.xid >= pg_snapshot_xmin(r.s1)
     where e.at >= %(since)s and e.at < %(until)s
       and not (pg_visible_in_snapshot(e.xid, r.s1)
                or (r.last_id <> 0 and pg_visible_in_snapshot(e.xid, r.s2)
                    and (e.xid, e.id) <= (r.last_xid, r.last_id)))
     limit 1000
), cover as (
    select 'pending tasks' as what, job_id, evs
      from core.task_pending, day where evs && int8range(low, high, '[]')
    union all
    select 'running tasks', job_id, evs
      from core.task_lease, day where evs && int8range(low, high, '[]')
    union all
    select 'open dead letters', job_id, evs
      from core.dead_letter, day where state = 'open' and evs && int8range(low, high, '[]')
    union all
    select 'backfills', job_id, int8multirange(int8range(event_id, event_id, '[]'))
      from core.backfill, day
     where cancelled_at is null and remaining <> '{}' and event_id between low and high
), hit as (
    select what, job_id from cover, day
     where exists (select from unnest(evs * int8multirange(int8range(low, high, '[]'))) u
                    where exists (select from core.event e
                                   where e.at >= %(since)s and e.at < %(until)s
                                     and e.id >= lower(u) and e.id < upper(u)))
     limit 1000
)
select 'events that are not routed' as what, null as job, count(*) as n from unrouted having count(*) > 0
union all
select h.what, d.name || '.' || j.name, count(*)
  from hit h join core.job j on j.id = h.job_id join core.dag d on d.id = j.dag_id
 group by h.what, d.name, j.name
 order by what, job

-- name: drop_stray_events
-- Delete from the default partition what is old and not needed, as `holds_on_events` has it.
with old as materialized (
    select min(id) as low, max(id) as high
      from core.event_default where at < %(before)s having min(id) is not null
), needed as materialized (
    select coalesce(range_agg(evs), '{}') as ids from (
        select evs from core.task_pending, old where evs && int8range(low, high, '[]')
        union all
        select evs from core.task_lease, old where evs && int8range(low, high, '[]')
        union all
        select evs from core.dead_letter, old where state = 'open' and evs && int8range(low, high, '[]')
        union all
        select int8multirange(int8range(event_id, event_id, '[]')) from core.backfill, old
         where cancelled_at is null and remaining <> '{}' and event_id between low and high
    ) covered
)
delete from core.event_default where ctid = any (array(
    select e.ctid from core.event_default e, core.router r, needed
     where e.at < %(before)s and not needed.ids @> e.id
       and (pg_visible_in_snapshot(e.xid, r.s1)
            or (r.last_id <> 0 and pg_visible_in_snapshot(e.xid, r.s2)
                and (e.xid, e.id) <= (r.last_xid, r.last_id)))
     limit %(limit)s))

-- name: drop_stray_history
-- Delete old attempts from the default partition.
delete from core.task_history_default where ctid = any (array(
    select ctid from core.task_history_default where done_at < %(before)s limit %(limit)s))

-- name: drop_stray_logs
-- Delete old lines of task logs from the default partition.
delete from core.task_log_default where ctid = any (array(
    select ctid from core.task_log_default where at < %(before)s limit %(limit)s))

-- name: drop_stray_samples
-- Delete old samples from the default partition.
delete from core.sample_default where ctid = any (array(
    select ctid from core.sample_default where at < %(before)s limit %(limit)s))

-- name: drop_dead_letters
-- Forget dead letters that were dealt with.
delete from core.dead_letter where ctid = any (array(
    select ctid from core.dead_letter
     where state <> 'open' and coalesce(resolved_at, died_at) < %(before)s limit %(limit)s))

-- name: expire_dead_letters
-- Give up dead letters that nobody has dealt with, and tell watchers. One that is redriven at this
-- moment is no longer open when its row is free.
with gone as (
    delete from core.dead_letter where state = 'open' and ctid = any (array(
        select ctid from core.dead_letter
         where state = 'open' and coalesce(resolved_at, died_at) < %(before)s limit %(limit)s))
    returning id, org_id
)
insert into core.change (org_id, topic, subject, data)
select org_id, 'dead_letter', id::text, '{"state": "expired"}' from gone

-- name: drop_event_keys
-- Forget which idempotency keys made events: the same key makes another one from now on.
delete from core.event_key where ctid = any (array(
    select ctid from core.event_key where at < %(before)s limit %(limit)s))

-- name: drop_replies
-- Forget answers that are not given again.
delete from core.idempotent_reply where ctid = any (array(
    select ctid from core.idempotent_reply where at < %(before)s limit %(limit)s))

-- name: drop_changes
-- Forget what no watcher may resume from any more.
delete from core.change where ctid = any (array(
    select ctid from core.change where at < %(before)s limit %(limit)s))

-- name: drop_operations
-- Forget what was asked for and has ended.
delete from core.operation where ctid = any (array(
    select ctid from core.operation
     where state <> 'running' and updated_at < %(before)s limit %(limit)s))

-- name: drop_backfills
-- Forget what was never carved, because it was cancelled.
delete from core.backfill where ctid = any (array(
    select ctid from core.backfill where cancelled_at < %(before)s limit %(limit)s))

-- name: drop_memos
-- Forget what removed jobs made their results from.
delete from core.memo where ctid = any (array(
    select m.ctid from core.memo m join core.job j on j.id = m.job_id
     where j.removed_at < %(before)s limit %(limit)s))

-- name: drop_turns
-- Forget whose turn it was in removed jobs.
delete from core.fair_turn where ctid = any (array(
    select t.ctid from core.fair_turn t join core.job j on j.id = t.job_id
     where j.removed_at < %(before)s limit %(limit)s))

-- name: seen_objects
-- Objects that were announced long ago, in the order of their keys.
select org_id, key, version from core.object_seen
 where (org_id, key) > (%(org_id)s, %(key)s) and at < %(before)s
 order by org_id, key limit %(limit)s

-- name: drop_seen_objects
-- Forget these puts; one that another put replaced meanwhile stays.
delete from core.object_seen o
 using unnest(%(orgs)s::int[], %(keys)s::text[], %(versions)s::text[]) as t(org_id, key, version)
 where o.org_id = t.org_id and o.key = t.key and o.version = t.version

-- name: vacuum_holders
-- Whoever may still see dead rows of this database. Without the role pg_read_all_stats only the
-- sessions of our own user are seen. The text of their queries is left out: it may hold secrets.
select case when a.backend_type = 'walsender' then 'standby' else 'session' end as kind,
       a.pid::text as name, coalesce(nullif(a.application_name, ''), a.usename::text, a.backend_type) as application,
       coalesce(a.state, '') as state, coalesce(a.backend_xmin, a.backend_xid)::text as xmin,
       greatest(age(a.backend_xmin), age(a.backend_xid)) as xids,
       a.xact_start as since, a.query_start
  from pg_stat_activity a
 where (a.backend_xmin is not null or a.backend_xid is not null) and a.pid <> pg_backend_pid()
   and (a.datname = current_database() or a.backend_type = 'walsender')
   and a.backend_type not in ('autovacuum worker', 'parallel worker')
union all
select 'slot', slot_name::text, coalesce(plugin::text, slot_type),
       case when active then 'active' else 'inactive' end,
       concat_ws(' ', xmin::text, catalog_xmin::text), greatest(age(xmin), age(catalog_xmin)), null, null
  from pg_replication_slots
 where (xmin is not null or catalog_xmin is not null)
   and (database is null or database = current_database())
union all
select 'prepared', gid, owner::text, 'prepared', transaction::text, age(transaction), prepared, null
  from pg_prepared_xacts where database = current_database()

-- name: dead_rows
-- The rows of the core's tables, as the statistics have them. Days only grow, and have none.
select s.relname::text as "table", s.n_dead_tup as dead, s.n_live_tup as live
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
 where s.schemaname = 'core' and c.relkind = 'r' and not c.relispartition
 order by s.relname

-- name: from_elsewhere
-- Whether transaction ids are stored that this server has not given out yet.
with now as materialized (select pg_snapshot_xmax(pg_current_snapshot()) as xmax)
select coalesce(
    (select max(xid) from core.event) >= now.xmax or (select max(xid) from core.change) >= now.xmax
    or exists (select from core.router
                where pg_snapshot_xmax(s1) > now.xmax or pg_snapshot_xmax(s2) > now.xmax
                   or last_xid >= now.xmax), false) as from_elsewhere
  from now

-- name: renumber_events
-- By the old cursor: give each event that is not routed the lowest id of a transaction, 3, and each
-- routed one that this server would take for a later one an id below, that every snapshot sees.
with renumbered as (
    update core.event e
       set xid = case when pg_visible_in_snapshot(e.xid, r.s1)
                        or (r.last_id <> 0 and pg_visible_in_snapshot(e.xid, r.s2)
                            and (e.xid, e.id) <= (r.last_xid, r.last_id)) then '2'::xid8
                      else '3' end
      from core.router r
     where not pg_visible_in_snapshot(e.xid, pg_current_snapshot())
        or (e.xid >= pg_snapshot_xmin(r.s1)
            and not (pg_visible_in_snapshot(e.xid, r.s1)
                     or (r.last_id <> 0 and pg_visible_in_snapshot(e.xid, r.s2)
                         and (e.xid, e.id) <= (r.last_xid, r.last_id))))
    returning e.xid
)
select count(*) as renumbered, count(*) filter (where xid = '3') as unrouted from renumbered

-- name: restart_cursor
-- All that this server's own past could have written is routed, but for 3, which seems to be in
-- progress: the next window begins with it.
update core.router r
   set s1 = concat('3:', pg_snapshot_xmax(now.s), ':3',
                   (select string_agg(',' || x, '' order by x) from pg_snapshot_xip(now.s) x))::pg_snapshot,
       s2 = now.s, last_xid = '0', last_id = 0
  from (select pg_current_snapshot() as s) now

-- name: tell_again
-- Changes with a foreign id would be told again and again: they become changes of this transaction.
update core.change set xid = pg_current_xact_id()
 where not pg_visible_in_snapshot(xid, pg_current_snapshot())

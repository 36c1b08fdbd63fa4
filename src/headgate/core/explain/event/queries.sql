-- name: routing_of
-- Whether the router is past an event, how many come before it (counted up to %(most)s), and whether
-- a Dispatcher leads.
select pg_visible_in_snapshot(e.xid, r.s1)
         or r.last_id <> 0 and pg_visible_in_snapshot(e.xid, r.s2)
            and (e.xid, e.id) <= (r.last_xid, r.last_id) as routed,
       case when pg_visible_in_snapshot(e.xid, r.s1) then 0 else (
           select count(*) from core.unrouted(%(most)s) u where (u.xid, u.id) < (e.xid, e.id))
       end as ahead,
       r.led_until > clock_timestamp() as led, e.at
  from core.event e cross join core.router r
 where e.id = %(event_id)s and e.org_id = %(org_id)s

-- name: readers_of
-- The jobs that read the event's dataset, why it may be none of theirs, and what is left of a
-- backfill that it gave them.
select j.id as job_id, d.name || '.' || j.name as job, j.removed_at,
       e.only_job is not null and e.only_job <> j.id as for_another,
       b.id as backfill, b.total, b.cancelled_at, b.created_at as backfill_since, j.paused,
       (select sum(upper(u) - lower(u)) from unnest(b.remaining) u)::bigint as remaining
  from core.event e
  join core.subscription s on s.dataset_id = e.dataset_id
  join core.job j on j.id = s.job_id
  join core.dag d on d.id = j.dag_id
  left join core.backfill b on b.job_id = j.id and b.event_id = e.id
 where e.id = %(event_id)s and e.org_id = %(org_id)s
 order by d.name, j.name limit %(limit)s

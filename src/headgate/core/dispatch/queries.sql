-- name: relax_commit
-- Commit without waiting for the disk: losing a routed batch in a crash loses its cursor too, so it
-- is routed again. Whoever claims its tasks waits for the disk.
select set_config('synchronous_commit', 'off', true)

-- name: lock_router
-- Serialises routers. A statement of its own: a router that waited here must take its snapshots
-- after the wait, or it would route the same events again.
select epoch, last_id from core.router for update

-- name: route
-- Turn the next events of the window into pending tasks and move the cursor, all by sets.
with r as materialized (
    -- At last_id = 0 the window is closed: open the next one, up to now.
    -- (from_xid, from_id) is where the part at and above xmax(s1) goes on: one bound, because an
    -- index scan that is given two may start at the lower one, and read the whole history.
    select s1, case when last_id = 0 then pg_current_snapshot() else s2 end as s2, last_xid, last_id,
           greatest(last_xid, pg_snapshot_xmax(s1)) as from_xid,
           case when last_xid >= pg_snapshot_xmax(s1) then last_id else 0 end as from_id
      from core.router
), ev as materialized (
    select w.* from (
        (select e.id, e.xid, e.org_id, e.dataset_id, e.kind, e.rng, e.key,
                (e.key is not null or e.payload is not null or e.trace is not null) as heavy
           from core.event e
          where e.xid = any (array(select pg_snapshot_xip(r.s1) from r))
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
            and (e.xid, e.id) > ((select last_xid from r), (select last_id from r))
          order by e.xid, e.id limit %(limit)s)
        union all
        (select e.id, e.xid, e.org_id, e.dataset_id, e.kind, e.rng, e.key,
                (e.key is not null or e.payload is not null or e.trace is not null) as heavy
           from core.event e
          where (e.xid, e.id) > ((select from_xid from r), (select from_id from r))
            and e.xid < (select pg_snapshot_xmax(s2) from r)
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
          order by e.xid, e.id limit %(limit)s)
    ) w order by w.xid, w.id limit %(limit)s
), hit as (
    select s.job_id, ev.org_id, j.strategy, j.part_size, j.priority, ev.id as ev, ev.kind, ev.heavy,
           case when ev.rng is not null
                then int8range(lower(ev.rng) + s.lo_off, upper(ev.rng) + s.hi_off) end as rng,
           case when s.segments is null then ev.key
                else array_to_string((string_to_array(ev.key, '/'))[:s.segments], '/') end as key
      from ev
      join core.subscription s using (dataset_id)
      join core.job j on j.id = s.job_id and j.removed_at is null
), keyed as (
    select job_id, org_id, priority, 'u' || ev as ckey, rng, kind, ev, heavy from hit where strategy = 0
    union all
    select job_id, org_id, priority, 'p' || p,
           int8range(greatest(lower(rng), p * part_size), least(upper(rng), (p + 1) * part_size)),
           kind, ev, heavy
      from hit, generate_series(floor(lower(rng)::numeric / part_size)::bigint,
                                floor((upper(rng) - 1)::numeric / part_size)::bigint) p
     where strategy = 1 and rng is not null
    union all
    select job_id, org_id, priority, 'k' || coalesce(key, ''), rng, kind, ev, heavy
      from hit where strategy = 1 and rng is null
    union all
    select job_id, org_id, priority, 'b', rng, kind, ev, heavy from hit where strategy = 2
), agg as (
    -- Ordered, so that two transactions that touch the same tasks lock them in the same order.
    select job_id, ckey, org_id, min(priority) as priority,
           coalesce(range_agg(rng), '{}') as rngs,
           coalesce(range_agg(rng) filter (where kind = 1), '{}') as inval,
           range_agg(int8range(ev, ev, '[]')) as evs, count(*) as n, bool_or(heavy) as heavy
      from keyed group by job_id, ckey, org_id order by job_id, ckey
), merged as (
    insert into core.task_pending as t (org_id, job_id, ckey, rngs, inval, evs, n, heavy, priority)
    select org_id, job_id, ckey, rngs, inval, evs, n, heavy, priority from agg
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = t.heavy or excluded.heavy
    returning 1
), walked as (
    select count(*) as events, (select count(*) from merged) as tasks,
           (array_agg(xid order by xid desc, id desc))[1] as xid,
           (array_agg(id order by xid desc, id desc))[1] as id
      from ev
), moved as (
    -- A full batch leaves the window open at its last event, a short one closes it. An idle router
    -- writes only now and then, so that an idle system writes nothing.
    update core.router c
       set s1 = case when w.events = %(limit)s then c.s1 else r.s2 end,
           s2 = r.s2,
           last_xid = case when w.events = %(limit)s then w.xid else '0'::xid8 end,
           last_id = case when w.events = %(limit)s then w.id else 0 end
      from r, walked w
     where w.events > 0 or r.last_id <> 0
        or pg_snapshot_xmax(r.s2)::text::bigint - pg_snapshot_xmax(r.s1)::text::bigint > 1000
    returning 1
)
select events, tasks, (select count(*) from moved) as moved from walked

-- name: promote
-- Make delayed tasks whose time has come available to claims.
with due as (
    select ctid from core.task_pending where waiting and run_at <= clock_timestamp()
     order by run_at limit %(limit)s for update skip locked
)
update core.task_pending set waiting = false where ctid = any (array(select ctid from due))
returning job_id

-- name: next_due
-- When the next delayed task is due.
select min(run_at) as at from core.task_pending where waiting

-- name: expired_leases
-- Leases whose worker is gone, or that are past their deadline and a grace in which the worker
-- itself ends them; locked, so that a completion and a reaper exclude each other.
select l.task_id, l.token, l.cancel_requested,
       (s.id is null or s.expires_at < clock_timestamp()) as worker_gone
  from core.task_lease l
  left join core.session s on s.id = l.session_id
 where s.id is null or s.expires_at < clock_timestamp()
    or l.deadline_at + make_interval(secs => %(grace)s) < clock_timestamp()
 order by l.task_id
 limit %(limit)s
   for update of l skip locked

-- name: drop_dead_sessions
-- Forget workers that are long gone and hold no lease.
delete from core.session s
 where s.expires_at < clock_timestamp() - interval '1 hour'
   and not exists (select 1 from core.task_lease l where l.session_id = s.id)

-- name: ensure_partitions
-- Have the day partitions of yesterday to a week ahead.
select core.ensure_partitions((now() at time zone 'UTC')::date - 1, (now() at time zone 'UTC')::date + 7) as made

-- name: backlog
-- What waits and what runs, by job: for metrics and pages.
select j.id as job_id, j.org_id, d.name || '.' || j.name as job, j.paused,
       coalesce(p.pending, 0) as pending, coalesce(p.waiting, 0) as waiting,
       coalesce(l.leased, 0) as leased, coalesce(q.dead, 0) as dead, p.oldest
  from core.job j
  join core.dag d on d.id = j.dag_id
  left join lateral (select count(*) as pending, count(*) filter (where waiting) as waiting,
                            min(created_at) as oldest
                       from core.task_pending where job_id = j.id) p on true
  left join lateral (select count(*) as leased from core.task_lease where job_id = j.id) l on true
  left join lateral (select count(*) as dead from core.dead_letter
                      where job_id = j.id and state = 'open') q on true
 where j.removed_at is null and (%(org_id)s::int is null or j.org_id = %(org_id)s)
 order by d.name, j.id

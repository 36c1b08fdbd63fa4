-- name: relax_commit
-- Commit without waiting for the disk: losing a routed batch in a crash loses its cursor too, so it
-- is routed again. Whoever claims its tasks waits for the disk.
select set_config('synchronous_commit', 'off', true)

-- name: lock_router
-- Serialises routers. A statement of its own: a router that waited here must take its snapshots
-- after the wait, or it would route the same events again. Who stops in mid-transaction lets go.
select epoch, last_id, set_config('idle_in_transaction_session_timeout', '5000', true)
  from core.router for update

-- name: try_to_lead
-- Take the leader's lock, which ends with this connection.
select pg_try_advisory_lock(1212498247) as ours

-- name: begin_term
-- Lead: whatever was asked for in an earlier epoch is refused from now on.
update core.router set epoch = epoch + 1, leader = %(leader)s,
       led_until = clock_timestamp() + make_interval(secs => %(term)s)
returning epoch

-- name: renew_term
-- Go on leading. No row: another leads.
update core.router set led_until = clock_timestamp() + make_interval(secs => %(term)s)
 where epoch = %(epoch)s
returning epoch

-- name: stuck_leaders
-- The backend that holds the leader's lock although its term is over.
select l.pid from pg_locks l, core.router r
 where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = 1212498247
   and l.database = (select oid from pg_database where datname = current_database())
   and r.led_until < clock_timestamp()

-- name: end_backend
-- End a connection, and with it the locks that it holds.
select pg_terminate_backend(%(pid)s) as ended

-- name: route
-- Turn the next events of the window into pending tasks, mark what they make stale, and move the
-- cursor, all by sets. A leader that was deposed finds another epoch, and does nothing.
with r as materialized (
    -- At last_id = 0 the window is closed: open the next one, up to now.
    -- (from_xid, from_id) is where the part at and above xmax(s1) goes on: one bound, because an
    -- index scan that is given two may start at the lower one, and read the whole history.
    select s1, case when last_id = 0 then pg_current_snapshot() else s2 end as s2, last_xid, last_id,
           greatest(last_xid, pg_snapshot_xmax(s1)) as from_xid,
           case when last_xid >= pg_snapshot_xmax(s1) then last_id else 0 end as from_id
      from core.router where epoch = coalesce(%(epoch)s, epoch)
), ev as materialized (
    -- Ids of one island follow each other without a gap: all that lies between two of them is in
    -- this batch, and concerns every reader of its dataset.
    select w.*, w.id - count(*) filter (where w.only_job is null) over (order by w.id) as island from (
        (select e.id, e.xid, e.org_id, e.dataset_id, e.kind, e.rng, e.key, e.only_job,
                coalesce(pg_column_size(e.payload), 0) as bytes,
                (e.key is not null or e.payload is not null or e.trace is not null
                    or e.version is not null) as heavy
           from core.event e
          where e.xid = any (array(select pg_snapshot_xip(r.s1) from r))
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
            and (e.xid, e.id) > ((select last_xid from r), (select last_id from r))
          order by e.xid, e.id limit %(limit)s)
        union all
        (select e.id, e.xid, e.org_id, e.dataset_id, e.kind, e.rng, e.key, e.only_job,
                coalesce(pg_column_size(e.payload), 0) as bytes,
                (e.key is not null or e.payload is not null or e.trace is not null
                    or e.version is not null) as heavy
           from core.event e
          where (e.xid, e.id) > ((select from_xid from r), (select from_id from r))
            and e.xid < (select pg_snapshot_xmax(s2) from r)
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
          order by e.xid, e.id limit %(limit)s)
    ) w order by w.xid, w.id limit %(limit)s
), hit as (
    select s.job_id, ev.org_id, j.strategy, j.part_size, j.priority, j.fair_segments, ev.id as ev,
           ev.island, ev.kind, ev.heavy, ev.bytes, ev.key as whole_key,
           case when s.whole then int8range(null, null)
                when ev.rng is not null
                then int8range(lower(ev.rng) + s.lo_off, upper(ev.rng) + s.hi_off) end as rng,
           case when s.segments is null then ev.key
                else array_to_string((string_to_array(ev.key, '/'))[:s.segments], '/') end as key
      from ev
      join core.subscription s using (dataset_id)
      join core.job j on j.id = s.job_id and j.removed_at is null
     where ev.only_job is null or ev.only_job = s.job_id
), cut as (
    -- Partitions p_low to p_high of each range. Too many of them are carved later, as there is room.
    select hit.*, p_low, p_high, p_high - p_low >= %(guard)s as too_many
      from hit cross join lateral (
        select floor(lower(rng)::numeric / part_size)::bigint as p_low,
               floor((upper(rng) - 1)::numeric / part_size)::bigint as p_high) p
     where strategy = 1 and rng is not null
), filled as (
    insert into core.backfill (org_id, job_id, event_id, kind, heavy, bytes, priority, total, remaining)
    select org_id, job_id, ev, kind, heavy, bytes, priority, upper(rng) - lower(rng),
           int8multirange(rng)
      from cut where too_many order by job_id, ev
    returning 1
), keyed as (
    select job_id, org_id, priority, 'u' || ev as ckey, rng, kind, ev as first, ev + 1 as behind,
           heavy, bytes, fair_segments, whole_key
      from hit where strategy = 0
    union all
    select job_id, org_id, priority, 'p' || p,
           int8range(greatest(lower(rng), p * part_size), least(upper(rng), (p + 1) * part_size)),
           kind, ev, ev + 1, heavy, bytes, null, null
      from cut, generate_series(p_low, case when too_many then p_low - 1 else p_high end) p
    union all
    select job_id, org_id, priority, 'k' || coalesce(key, ''), rng, kind, ev, ev + 1, heavy, bytes,
           fair_segments, whole_key
      from hit where strategy = 1 and rng is null
    union all
    -- A Bulk task covers up to its next event, where what lies between are events of datasets that
    -- it does not read: else a long queue of events in turn would be a range each. Whoever looks
    -- up what a task covers leaves those out.
    select job_id, org_id, priority, 'b', rng, kind, ev,
           coalesce(lead(ev) over (partition by job_id, island order by ev), ev + 1), heavy, bytes,
           null, null
      from hit where strategy = 2
), agg as (
    select job_id, ckey, org_id, min(priority) as priority,
           coalesce(range_agg(rng), '{}') as rngs,
           coalesce(range_agg(coalesce(rng, int8range(null, null))) filter (where kind = 1), '{}') as inval,
           range_agg(int8range(first, behind)) as evs, count(*) as n, bool_or(heavy) as heavy,
           sum(bytes)::bigint as bytes, min(fair_segments) as fair_segments, min(whole_key) as key
      from keyed group by job_id, ckey, org_id
), grouped as (
    select job_id, ckey, fair_key, row_number() over (partition by job_id, fair_key order by evs) as nth
      from (select job_id, ckey, evs,
                   array_to_string((string_to_array(coalesce(key, ''), '/'))[:fair_segments], '/') as fair_key
              from agg where fair_segments is not null) f
), fair as materialized (
    -- Start-time fair queueing: a group goes on from its own last turn, but never from before the
    -- turn that is served now, so that a group that was away has saved nothing up.
    select g.job_id, g.ckey, g.fair_key, g.nth + greatest(last.turn, now.turn - 1, idle.turn, 0) as turn
      from grouped g
      left join core.fair_turn last on last.job_id = g.job_id and last.key = g.fair_key
      left join lateral (select p.turn from core.task_pending p
                          where p.job_id = g.job_id and not p.waiting
                          order by p.priority desc, p.turn, p.id limit 1) now on true
      left join lateral (select max(t.turn) as turn from core.fair_turn t
                          where now.turn is null and t.job_id = g.job_id) idle on true
), turned as (
    insert into core.fair_turn as t (job_id, key, turn)
    select job_id, fair_key, max(turn) from fair group by 1, 2 order by 1, 2
    on conflict (job_id, key) do update set turn = greatest(t.turn, excluded.turn)
), merged as (
    -- Ordered, so that two transactions that touch the same tasks lock them in the same order. A
    -- debounced task waits for quiet, but no event waits longer than the job's longest wait.
    insert into core.task_pending as t (org_id, job_id, ckey, rngs, inval, evs, n, heavy, bytes,
                                        priority, turn, waiting, run_at)
    select a.org_id, a.job_id, a.ckey, a.rngs, a.inval, a.evs, a.n, a.heavy, a.bytes, a.priority,
           coalesce(f.turn, 0), j.debounce_ms > 0, now() + j.debounce_ms * interval '1 millisecond'
      from agg a join core.job j on j.id = a.job_id
      left join fair f on f.job_id = a.job_id and f.ckey = a.ckey
     order by a.job_id, a.ckey
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = t.heavy or excluded.heavy,
           bytes = t.bytes + excluded.bytes, priority = greatest(t.priority, excluded.priority),
           xid = excluded.xid,
           run_at = case when t.waiting and excluded.waiting then greatest(t.run_at, least(
                        excluded.run_at, t.created_at + interval '1 millisecond'
                            * (select j.max_wait_ms from core.job j where j.id = t.job_id)))
                    else t.run_at end
    returning 1
), mark as (
    -- An update makes stale only what somebody needs to agree with its other inputs.
    select c.dst, case when c.whole or ev.rng is not null or ev.key is null then ''
                       when c.segments is null then ev.key
                       else array_to_string((string_to_array(ev.key, '/'))[:c.segments], '/') end as key,
           range_agg(case when c.whole or ev.rng is null then int8range(null, null)
                          else int8range(lower(ev.rng) + c.lo, upper(ev.rng) + c.hi) end) as rngs
      from ev join core.closure c on c.src = ev.dataset_id
     where ev.only_job is null and (c.gates or (ev.kind = 1 and c.replaces))
     group by 1, 2
), marked as (
    insert into core.stale as t (dataset_id, key, rngs) select dst, key, rngs from mark order by 1, 2
    on conflict (dataset_id, key) do update
       set rngs = core.compact(t.rngs + excluded.rngs, 1000)
     where not t.rngs @> excluded.rngs
    returning 1
), walked as (
    select count(*) as events, (select count(*) from merged) as tasks,
           (array_agg(xid order by xid desc, id desc))[1] as xid,
           (array_agg(id order by xid desc, id desc))[1] as id,
           bool_or(kind = 1) as invalidated
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
select events, tasks, coalesce(invalidated, false) as invalidated,
       (select count(*) from moved) as moved, not exists (select from r) as deposed,
       exists (select from core.stale) or exists (select from marked) as stale,
       exists (select from filled) or exists (
           select from core.backfill b
             join core.job j on j.id = b.job_id and j.removed_at is null and not j.paused
            where b.cancelled_at is null) as backfill
  from walked

-- name: sweep
-- Forget staleness that has ended: where the producer of a dataset has no work, none on its way to it,
-- none that it gave up, and no stale input. Only the router marks, so under its lock nothing is missed;
-- one hop downstream at a time.
with st as materialized (
    select s.dataset_id, s.key, s.rngs, d.producer_job_id as job_id, j.strategy
      from core.stale s join core.dataset d on d.id = s.dataset_id
      left join core.job j on j.id = d.producer_job_id and j.removed_at is null
), work as materialized (
    select job_id, ckey, rngs from core.task_pending where job_id in (select job_id from st)
    union all
    select job_id, ckey, rngs from core.task_lease where job_id in (select job_id from st)
    union all
    select job_id, '', remaining from core.backfill
     where cancelled_at is null and job_id in (select job_id from st)
    union all
    -- What was given up is behind until somebody decides: redrives it, discards it.
    select job_id, ckey, rngs from core.dead_letter
     where state = 'open' and job_id in (select job_id from st)
    union all
    -- What is not work yet, because it is not routed yet.
    select s.job_id, case when e.key is null then '' when s.segments is null then 'k' || e.key
                          else 'k' || array_to_string((string_to_array(e.key, '/'))[:s.segments], '/') end,
           case when s.whole then int8multirange(int8range(null, null)) when e.rng is null then '{}'
                else int8multirange(int8range(lower(e.rng) + s.lo_off, upper(e.rng) + s.hi_off)) end
      from core.unrouted(%(most)s) e join core.subscription s on s.dataset_id = e.dataset_id
     where s.job_id in (select job_id from st)
    union all
    -- What is not work yet, because an input is not made yet.
    select s.job_id, case when i.key = '' then '' when s.segments is null then 'k' || i.key
                          else 'k' || array_to_string((string_to_array(i.key, '/'))[:s.segments], '/') end,
           case when i.key <> '' then '{}'
                when s.whole or lower_inf(i.rngs) then int8multirange(int8range(null, null))
                else (select range_agg(int8range(lower(u) + s.lo_off, upper(u) + s.hi_off))
                        from unnest(i.rngs) u) end
      from st i join core.subscription s on s.dataset_id = i.dataset_id
     where s.job_id in (select job_id from st)
), busy as materialized (
    select job_id,
           coalesce(range_agg(rngs) filter (where rngs <> '{}'), '{}')
             + case when bool_or(rngs = '{}') then int8multirange(int8range(null, null)) else '{}' end as rngs
      from work group by job_id
), left_over as materialized (
    select st.dataset_id, st.key, case
           when st.job_id is null or st.strategy is null then '{}'
           when st.key = '' then st.rngs * coalesce(b.rngs, '{}')
           when b.rngs is null then '{}'
           when st.strategy <> 1 or exists (
               select from work w where w.job_id = st.job_id
                  and (w.ckey = 'k' || st.key or (left(w.ckey, 1) <> 'k' and lower_inf(w.rngs)) or w.ckey in ('', 'k')))
           then st.rngs
           else '{}'::int8multirange end as rngs
      from st left join busy b using (job_id)
     where (select count(*) from core.unrouted(%(most)s)) < %(most)s
), freed as (
    delete from core.stale s using left_over o
     where s.dataset_id = o.dataset_id and s.key = o.key and o.rngs = '{}'
    returning 1
), shrunk as (
    update core.stale s set rngs = o.rngs from left_over o
     where s.dataset_id = o.dataset_id and s.key = o.key and o.rngs <> '{}' and o.rngs <> s.rngs
    returning 1
)
select (select count(*) from freed) + (select count(*) from shrunk) as changed,
       (select count(*) from left_over where rngs <> '{}') as left_over

-- name: preempt
-- Ask for a new start of attempts whose input was invalidated after they were claimed: the successor
-- that covers it waits already.
update core.task_lease l set preempted = true
  from core.task_pending p join core.job j on j.id = p.job_id and j.cancel_on_invalidate
 where l.job_id = p.job_id and l.ckey = p.ckey and not l.preempted
   and (p.inval && l.rngs or (l.rngs = '{}' and p.inval <> '{}'))
returning l.task_id

-- name: carve
-- Turn the next partitions of each job's oldest backfill into tasks, as many as there is room for.
-- Each other backfill of the job gives its part of the same partitions, so that one run covers all.
-- They are of lower priority than what happens now.
with job as (
    select b.job_id, j.part_size::numeric as size, b.first,
           coalesce(2 * j.max_concurrency, %(most)s) - w.waiting as room
      from (select job_id, min(id) as first from core.backfill
             where cancelled_at is null group by job_id) b
      join core.job j on j.id = b.job_id and j.removed_at is null and not j.paused
     cross join lateral (select count(*) as waiting from (
        select from core.task_pending p where p.job_id = b.job_id
         limit coalesce(2 * j.max_concurrency, %(most)s)) few) w
     where exists (select from core.router where epoch = coalesce(%(epoch)s, epoch))
), chosen as materialized (
    select job_id, p, int8range((p * size)::bigint, ((p + 1) * size)::bigint) as rng
      from job cross join lateral (
        select distinct p
          from core.backfill b cross join lateral unnest(b.remaining) u
         cross join lateral generate_series(
            floor(lower(u) / size)::bigint,
            least(floor((upper(u) - 1) / size), floor(lower(u) / size) + room - 1)::bigint) p
         where b.id = job.first
         order by p limit greatest(room, 0)) c
), slice as materialized (
    select b.id, b.org_id, b.job_id, b.event_id, b.kind, b.heavy, b.bytes, b.priority, c.p,
           b.remaining * int8multirange(c.rng) as rngs
      from chosen c join core.backfill b
        on b.job_id = c.job_id and b.cancelled_at is null and b.remaining && c.rng
), taken as (
    update core.backfill b set remaining = b.remaining - s.rngs
      from (select id, range_agg(rngs) as rngs from slice group by id) s where b.id = s.id
), merged as (
    insert into core.task_pending as t (org_id, job_id, ckey, rngs, inval, evs, n, heavy, bytes, priority)
    select org_id, job_id, 'p' || p, range_agg(rngs),
           coalesce(range_agg(rngs) filter (where kind = 1), '{}'),
           range_agg(int8range(event_id, event_id, '[]')), count(*), bool_or(heavy),
           sum(bytes)::bigint, (min(priority) - 1)::smallint
      from slice group by org_id, job_id, p order by job_id, ('p' || p) collate "C"
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = t.heavy or excluded.heavy,
           bytes = t.bytes + excluded.bytes, xid = excluded.xid
    returning 1
)
select count(*) as tasks from merged

-- name: drop_carved
-- Forget backfills of which nothing is left.
delete from core.backfill where remaining = '{}'

-- name: promote
-- Make delayed tasks whose time has come available to claims.
with due as (
    select ctid from core.task_pending where waiting and run_at <= clock_timestamp()
     order by run_at limit %(limit)s for update skip locked
)
update core.task_pending set waiting = false where ctid = any (array(select ctid from due))
returning job_id

-- name: rated_ready
-- Whether a job with a rate has work and a token for it: claims that found no token look again.
select exists (
    select from core.job j left join core.bucket b on b.job_id = j.id
     where j.rate_per_second is not null and j.removed_at is null and not j.paused
       and coalesce(b.tokens + j.rate_per_second * extract(epoch from clock_timestamp() - b.at), 1) >= 1
       and exists (select from core.task_pending p where p.job_id = j.id and not p.waiting)) as ready

-- name: expired_leases
-- Leases whose worker is gone, or that are past their deadline and a grace in which the worker
-- itself ends them; locked, so that a completion and a reaper exclude each other. A worker that could
-- not renew because Postgres was away gets time to do so after the restart.
select l.task_id, l.token, l.cancel_requested,
       (s.id is null or s.expires_at < clock_timestamp()) as worker_gone
  from core.task_lease l
  left join core.session s on s.id = l.session_id
 where s.id is null
    or s.expires_at < clock_timestamp()
       and (s.started_at > pg_postmaster_start_time()
            or clock_timestamp() > pg_postmaster_start_time() + make_interval(secs => %(settle)s))
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

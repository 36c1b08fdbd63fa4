-- name: jobs
-- The deployed jobs, with what they produce.
select j.id, j.org_id, d.name || '.' || j.name as name, j.operator, j.strategy, j.priority,
       j.max_concurrency, j.timeout_ms, j.runtime, j.limits, j.params, j.paused, j.deployment_id,
       j.rate_per_second is not null as rated, j.fair_segments is not null as fair, j.memo,
       j.update_strategy = 'replace' as replaces, j.gated, o.weight as org_weight,
       coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name,
                                                     'partitioning', o.partitioning,
                      'columns', case when o.storage = 'postgres' and o.write_mode = 'buffered'
                                       and o.schema <> '{}' then o.schema end))
                   from core.dataset o
                  where o.producer_job_id = j.id and o.removed_at is null), '[]') as outputs
  from core.job j join core.dag d on d.id = j.dag_id join core.org o on o.id = j.org_id
 where j.removed_at is null
 order by j.id

-- name: open_session
-- Register a worker; its leases live as long as it renews this.
insert into core.session (worker, capacity, expires_at)
values (%(worker)s, %(capacity)s, clock_timestamp() + make_interval(secs => %(lease)s))
returning id

-- name: renew_session
-- The one heartbeat of a worker. No row: the session was forgotten, and its leases are gone.
update core.session set expires_at = clock_timestamp() + make_interval(secs => %(lease)s)
 where id = %(session)s
returning id

-- name: close_session
-- A worker that stops in good order.
delete from core.session where id = %(session)s

-- name: stopped_leases
-- The tasks of this worker that somebody cancelled, or whose input was invalidated.
select token, cancel_requested from core.task_lease
 where session_id = %(session)s and (cancel_requested or preempted)

-- name: leases_of
-- What is leased for this worker, but for what it knows of.
select task_id, token, job_id, ckey, attempt, rngs::text, inval::text, evs::text, n, heavy, leased_at,
       deadline_at, deployment_id
  from core.task_lease
 where session_id = %(session)s and token <> all (%(known)s::bigint[])

-- name: plan_by_index
-- Plan the rest of the transaction as if the queues were long. They are empty most of the time, and
-- the plan of such a moment, which reads whole tables, would be kept when a hundred thousand tasks
-- come at once.
select set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)

-- name: ready_jobs
-- Which jobs have tasks that may be claimed: one probe of the index a job that has, however many
-- jobs and tasks there are. Paused jobs are among them: a probe costs less than to look up each.
with recursive found(job_id) as (
    (select job_id from core.task_pending where not waiting
      order by job_id, priority desc, turn, id limit 1)
    union all
    select (select p.job_id from core.task_pending p where not p.waiting and p.job_id > found.job_id
             order by p.job_id, p.priority desc, p.turn, p.id limit 1)
      from found where found.job_id is not null
)
select job_id from found where job_id is not null

-- name: lock_capped_jobs
-- One claim at a time for each job with a concurrency limit or a rate; a statement of its own, so
-- that the claim after it counts leases and tokens in a snapshot taken after the wait.
select pg_advisory_xact_lock(1212498244, j) from unnest(%(jobs)s::int[]) as t(j) order by j

-- name: claim
-- Move up to `quota` pending tasks of each job into leases, in order of priority, turn and age, at
-- most the room that the job's limits leave. A worker whose session has run out gets nothing: it
-- would be taken from it at once. The materialized pick is a fence: without it the planner may
-- run the limit again for each row. So is `offset 0`: a plan made while little ran would else look
-- at every lease of the job for each task. A rate's tokens add up to `burst`, or to a quarter of a
-- second: claims are not made more often.
with q as materialized (
    select t.job_id, t.after, j.timeout_ms, j.deployment_id, j.gated, j.max_hold_ms, r.tokens,
           least(t.quota, floor(r.tokens),
                 j.max_concurrency - (select count(*) from core.task_lease l
                                       where j.max_concurrency is not null
                                         and l.job_id = j.id)) as room
      from unnest(%(jobs)s::int[], %(quotas)s::int[], %(after)s::bigint[]) as t(job_id, quota, after)
      join core.job j on j.id = t.job_id and not j.paused
      left join core.bucket b on b.job_id = j.id
     cross join lateral (
        select case when j.rate_per_second is not null then least(
                   greatest(j.rate_burst, j.rate_per_second / 4),
                   coalesce(b.tokens + j.rate_per_second * extract(epoch from clock_timestamp() - b.at),
                            j.rate_burst)) end as tokens) r
     where exists (select from core.session s
                    where s.id = %(session)s and s.expires_at > clock_timestamp())
       and not exists (select from core.hold h where h.job_id = j.id)
), pick as materialized (
    select p.at, q.timeout_ms, q.deployment_id,
           case when q.gated then pg_current_snapshot() end as seen
      from q cross join lateral (
        select p.ctid as at from core.task_pending p
         where p.job_id = q.job_id and p.id > q.after and not p.waiting
           and not exists (select 1 from core.task_lease l
                            where l.job_id = p.job_id and l.ckey = p.ckey offset 0)
           and (not q.gated or not core.reads_stale(p.job_id, p.ckey, p.rngs)
                or p.created_at < clock_timestamp() - q.max_hold_ms * interval '1 millisecond')
         order by p.priority desc, p.turn, p.id
         limit greatest(q.room, 0)
           for update skip locked) p
), del as (
    delete from core.task_pending d using pick where d.ctid = pick.at
    returning d.*, pick.timeout_ms, pick.deployment_id, pick.seen
), spent as (
    insert into core.bucket as b (job_id, tokens, at)
    select q.job_id, q.tokens - count(d.id), clock_timestamp()
      from q left join del d on d.job_id = q.job_id
     where q.tokens is not null group by q.job_id, q.tokens order by q.job_id
    on conflict (job_id) do update set tokens = excluded.tokens, at = excluded.at
)
insert into core.task_lease (task_id, org_id, job_id, ckey, session_id, attempt, losses, rngs, inval,
                             evs, n, heavy, bytes, priority, created_at, deadline_at, deployment_id,
                             xid, seen)
select id, org_id, job_id, ckey, %(session)s, attempt + 1, losses, rngs, inval, evs, n, heavy, bytes,
       priority, created_at, clock_timestamp() + timeout_ms * interval '1 millisecond', deployment_id,
       xid, seen
  from del order by id
returning task_id, token, job_id, ckey, attempt, rngs::text, inval::text, evs::text, n, heavy, leased_at,
          deadline_at, deployment_id

-- name: complete
-- End attempts by sets. Only rows whose token still matches change anything; what comes back is
-- what was accepted. Success, retry, loss, death and cancel are one statement, so that recovery is
-- never another way than failure.
with input as (
    select * from unnest(%(task_ids)s::bigint[], %(tokens)s::bigint[], %(outcomes)s::smallint[],
                         %(errors)s::text[], %(delays)s::int[])
               as t(task_id, token, outcome, error, delay_ms)
), locked as materialized (
    -- Ordered, so that two completions with common tasks cannot deadlock.
    select l.task_id, l.token, i.outcome, i.error::jsonb as error,
           coalesce(i.delay_ms, 0) as delay_ms
      from core.task_lease l join input i using (task_id, token)
     order by l.task_id for update of l
), gone as (
    delete from core.task_lease l using locked i
     where l.task_id = i.task_id and l.token = i.token
    returning l.*, i.outcome as said, i.error, i.delay_ms
), d as (
    select gone.*, j.max_attempts, j.backoff_ms, j.max_backoff_ms, j.failures_dataset_id,
           dag.name || '.' || j.name as job,
           -- What a gated job made of inputs that changed meanwhile is not published: it mixes.
           case when said in (0, 6) and j.gated
                     and (j.max_hold_ms is null or gone.created_at
                          >= clock_timestamp() - j.max_hold_ms * interval '1 millisecond')
                     and core.is_outdated(gone.job_id, gone.ckey, gone.rngs, gone.seen) then 5
                when said in (1, 2, 5) and cancel_requested then 4
                when said = 1 and attempt >= j.max_attempts then 3
                when said = 2 and losses + 1 >= %(poison)s then 3
                else said end as outcome
      from gone join core.job j on j.id = gone.job_id join core.dag dag on dag.id = j.dag_id
), again as (
    insert into core.task_pending as t (id, org_id, job_id, ckey, rngs, inval, evs, n, heavy, bytes,
                                        priority, attempt, losses, waiting, run_at, created_at, xid)
    select task_id, org_id, job_id, ckey, rngs, inval, evs, n, heavy, bytes, priority,
           case when outcome = 1 then attempt else attempt - 1 end,
           case when outcome = 1 then 0 when outcome = 2 then losses + 1 else losses end,
           outcome <> 2,
           clock_timestamp() + interval '1 millisecond' * case outcome
               when 1 then greatest(delay_ms, (0.5 + random() / 2)
                           * least(backoff_ms * power(2, least(attempt - 1, 30)), max_backoff_ms))
               when 5 then delay_ms else 0 end,
           created_at, '3' -- it brings nothing new
      from d where outcome in (1, 2, 5) order by job_id, ckey
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = t.heavy or excluded.heavy,
           bytes = t.bytes + excluded.bytes, attempt = greatest(t.attempt, excluded.attempt),
           losses = greatest(t.losses, excluded.losses),
           waiting = t.waiting or excluded.waiting,
           run_at = greatest(t.run_at, excluded.run_at),
           created_at = least(t.created_at, excluded.created_at)
    returning id, job_id, ckey
), dead as (
    insert into core.dead_letter (org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy, priority,
                                  attempts, error, fingerprint, created_at)
    select org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy, priority, attempt,
           coalesce(error, '{"code": "unknown", "message": "no error was given"}'),
           md5(job_id || ' ' || coalesce(error->>'code', '') || ' '
               || regexp_replace(coalesce(error->>'message', ''), '[0-9a-fA-F-]{8,}|[0-9]+', '#', 'g')),
           created_at
      from d where outcome = 3
    returning id, org_id, task_id
), failed as (
    -- One event for each event that the dead or cancelled task covered (the first thousand), under
    -- its own key. What is cancelled has no dead letter.
    insert into core.event (org_id, dataset_id, key, payload, producer_task, trace)
    select d.org_id, d.failures_dataset_id, coalesce(e.key, d.ckey),
           jsonb_build_object('job', d.job, 'task_id', d.task_id, 'dead_letter', dead.id,
                              'attempts', d.attempt, 'error', d.error - 'detail',
                              'event', jsonb_build_object('id', e.id, 'key', e.key, 'at', e.at,
                                                          'payload', e.payload)),
           d.task_id, e.trace
      from d left join dead using (task_id)
      cross join lateral (
        -- The inner limit is a fence: each range is one walk of an index, not one of the whole log.
        select e.* from unnest(d.evs) r
         cross join lateral (
            select id, key, at, payload, trace from core.event
             where id >= lower(r) and id < upper(r)
               and (d.ckey <> 'b' or dataset_id in (
                    select s.dataset_id from core.subscription s where s.job_id = d.job_id))
             order by id limit 1000) e
         limit 1000) e
     where d.failures_dataset_id is not null and d.outcome in (3, 4)
), mended as materialized (
    -- Successes of jobs that have open dead letters: few, so the rest costs nothing.
    select d.job_id, d.ckey, d.rngs, d.evs, d.leased_at, j.update_strategy = 'replace' as replaces
      from d join core.job j on j.id = d.job_id
     where d.outcome in (0, 6)
       and d.job_id in (select c.job_id from (select distinct job_id from d) c
                         where exists (select from core.dead_letter o
                                        where o.job_id = c.job_id and o.state = 'open'))
), superseded as (
    -- Later work covered it: the same key or partition made anew, or a range that holds all of it.
    -- What a job appends covers only its own events.
    update core.dead_letter q set state = 'superseded', resolved_at = clock_timestamp()
     where q.id in (
        -- A redrive locks letters first and then pending tasks: one that has a letter keeps it.
        select l.id from core.dead_letter l
         where l.state = 'open' and l.id in (
            select o.id from mended m join core.dead_letter o
                on o.job_id = m.job_id and o.ckey = m.ckey and o.state = 'open'
             where o.died_at < m.leased_at
               and case when m.replaces then o.rngs <@ m.rngs else o.evs <@ m.evs end
            union all
            select o.id from mended m cross join lateral (
                select l.id, l.job_id, l.died_at from core.dead_letter l
                 where l.state = 'open' and l.rngs <> '{}' and l.rngs <@ m.rngs) o
             where m.replaces and o.job_id = m.job_id and o.died_at < m.leased_at)
           for update skip locked)
    returning q.org_id, q.id, q.task_id
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'dead_letter', id::text, jsonb_build_object('task_id', task_id, 'state', 'open')
      from dead
    union all
    select org_id, 'dead_letter', id::text,
           jsonb_build_object('task_id', task_id, 'state', 'superseded')
      from superseded
), hist as (
    insert into core.task_history (task_id, token, org_id, job_id, ckey, outcome, attempt, rngs, inval,
                                   evs, n, folded_into, error, session_id, created_at, leased_at,
                                   deployment_id)
    select d.task_id, d.token, d.org_id, d.job_id, d.ckey, d.outcome, d.attempt, d.rngs, d.inval,
           d.evs, d.n, again.id, case when d.said in (0, 6) and d.outcome = 5 then %(outdated)s::jsonb
                                      else d.error end,
           d.session_id, d.created_at, d.leased_at, d.deployment_id
      from d left join again using (job_id, ckey)
)
select task_id, token, outcome from d

-- name: memos
-- What the last successes of these task keys were made from.
select m.job_id, m.ckey, m.hash, m.task_id
  from unnest(%(jobs)s::int[], %(ckeys)s::text[]) as k(job_id, ckey) join core.memo m using (job_id, ckey)

-- name: set_memo
-- Keep what a success was made from.
insert into core.memo as m (job_id, ckey, hash, task_id)
values (%(job_id)s, %(ckey)s, %(hash)s, %(task_id)s)
on conflict (job_id, ckey) do update
   set hash = excluded.hash, task_id = excluded.task_id, at = clock_timestamp()

-- name: set_progress
-- How far an attempt is; a stale token changes nothing.
update core.task_lease set progress = %(progress)s::jsonb
 where task_id = %(task_id)s and token = %(token)s
returning task_id

-- name: hold_lease
-- Lock one lease if it still holds: the fence of everything an operator writes with its completion.
select task_id from core.task_lease where task_id = %(task_id)s and token = %(token)s for update

-- name: add_logs
-- Lines of task logs, by sets.
insert into core.task_log (org_id, task_id, attempt, at, level, message, fields)
select * from unnest(%(orgs)s::int[], %(tasks)s::bigint[], %(attempts)s::smallint[],
                     %(times)s::timestamptz[], %(levels)s::text[], %(messages)s::text[],
                     %(fields)s::jsonb[])

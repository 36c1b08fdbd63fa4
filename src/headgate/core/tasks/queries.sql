-- name: job_id
-- The id of a job by its full name; also of a removed one, whose history stays.
select j.id from core.job j join core.dag d on d.id = j.dag_id
 where j.org_id = %(org_id)s
   and d.name = split_part(%(job)s, '.', 1) and j.name = split_part(%(job)s, '.', 2)
   and d.name || '.' || j.name = %(job)s

-- name: describe_tasks
-- What these tasks are now: from where each one is, and the last row of its history, in one snapshot.
-- A dead letter outlives the history of its task.
select a.id, j.id as job_id, d.name || '.' || j.name as job, coalesce(l.ckey, p.ckey, h.ckey, q.ckey) as ckey,
       coalesce(l.rngs, p.rngs, h.rngs, q.rngs)::text as rngs,
       coalesce(l.evs, p.evs, h.evs, q.evs)::text as evs, coalesce(l.n, p.n, h.n, q.n) as n,
       l.task_id is not null as leased, p.id is not null as pending,
       coalesce(p.waiting, false) as waiting, coalesce(h.outcome, 3) as outcome, h.folded_into,
       case when h.outcome = 5 and h.leased_at is null and h.error->>'code' = 'replayed'
            then (h.error->>'event')::bigint end as replayed_by,
       coalesce(l.attempt, p.attempt, h.attempt, q.attempts) as attempt,
       coalesce(l.created_at, p.created_at, h.created_at, q.created_at) as created_at, p.run_at,
       coalesce(l.leased_at, h.leased_at) as started_at, coalesce(h.done_at, q.died_at) as done_at,
       l.progress, coalesce(l.cancel_requested, false) as cancel_requested,
       coalesce(h.error, q.error) - 'detail' as error, s.worker,
       case when q.state = 'open' then q.id end as dead_letter
  from unnest(%(ids)s::bigint[]) as a(id)
  left join core.task_lease l on l.task_id = a.id and l.org_id = %(org_id)s
  left join core.task_pending p on p.id = a.id and p.org_id = %(org_id)s
  left join lateral (select * from core.task_history
                      where task_id = a.id and org_id = %(org_id)s
                      order by done_at desc limit 1) h on true
  left join (select distinct on (task_id) * from core.dead_letter
              where task_id = any(%(ids)s::bigint[]) and org_id = %(org_id)s
              order by task_id, id desc) q on q.task_id = a.id
  left join core.session s on s.id = coalesce(l.session_id, h.session_id)
  join core.job j on j.id = coalesce(l.job_id, p.job_id, h.job_id, q.job_id)
  join core.dag d on d.id = j.dag_id
 order by a.id desc

-- name: attempts
-- The newest attempts of a task, the running one among them, each with the time since when it had
-- waited: the row of the history before it says when, an act of a person or an attempt.
with rows as (
    select attempt, outcome, leased_at, done_at, error, session_id, created_at
      from core.task_history
     where task_id = %(task_id)s and org_id = %(org_id)s
    union all
    select attempt, null, leased_at, null, null, session_id, created_at
      from core.task_lease
     where task_id = %(task_id)s and org_id = %(org_id)s
), newest as (
    select * from rows order by done_at desc nulls first limit %(limit)s + 1
), told as (
    select n.*, coalesce(lag(done_at) over (order by done_at nulls last), created_at) as queued_at
      from newest n
)
select t.attempt, t.outcome, t.queued_at, t.leased_at as started_at, t.done_at as ended_at, t.error,
       s.worker
  from told t left join core.session s on s.id = t.session_id
 where t.leased_at is not null
 order by t.leased_at desc limit %(limit)s

-- name: inputs
-- The first events that a task covers, without their payloads: `payload_bytes` is what one takes as
-- it is stored, so that nothing large is unpacked. The inner limit is a fence: each range is one walk
-- of an index.
select e.id, d.name as dataset, e.kind, e.key, lower(e.rng) as low, upper(e.rng) as high, e.at, e.trace,
       e.version, coalesce(pg_column_size(e.payload), 0) as payload_bytes
  from unnest(%(lows)s::bigint[], %(highs)s::bigint[]) as r(low, high)
 cross join lateral (
    select * from core.event where id >= r.low and id < r.high and org_id = %(org_id)s
       and (%(bulk_of)s::int is null or dataset_id in (
            select s.dataset_id from core.subscription s where s.job_id = %(bulk_of)s))
     order by id limit %(limit)s) e
  join core.dataset d on d.id = e.dataset_id
 order by e.id limit %(limit)s

-- name: payload
-- The payload of an event as text: its first characters, and how long all of it is in bytes.
select left(p.text, %(most)s) as text, octet_length(p.text) as bytes,
       length(p.text) > %(most)s as truncated
  from (select payload::text as text from core.event
         where id = %(event_id)s and org_id = %(org_id)s and payload is not null limit 1) p

-- name: heirs
-- The tasks that carried on, one after the other: whom a task was folded into, and so on.
with recursive chain(id, nth) as (
    select %(task_id)s::bigint, 0
    union all
    select h.folded_into, c.nth + 1
      from chain c cross join lateral (
        select folded_into from core.task_history
         where task_id = c.id and org_id = %(org_id)s order by done_at desc limit 1) h
     where h.folded_into is not null and h.folded_into <> c.id and c.nth < %(limit)s
       and not exists (select from core.task_pending p where p.id = c.id)
       and not exists (select from core.task_lease l where l.task_id = c.id)
)
select id from chain where nth > 0 order by nth

-- name: folded_here
-- Tasks that were folded into this one: among the newest `window` rare rows before it, for the
-- history has no index of whom a task was folded into. Older tasks are folded into newer ones.
select distinct w.task_id as id from (
    select task_id, folded_into from core.task_history
     where outcome not in (0, 3) and org_id = %(org_id)s and task_id < %(task_id)s
     order by task_id desc limit %(window)s) w
 where w.folded_into = %(task_id)s
 order by id desc limit %(limit)s

-- name: letter_of
-- The newest dead letter of a task, in whatever state.
select id from core.dead_letter
 where task_id = %(task_id)s and org_id = %(org_id)s order by id desc limit 1

-- name: task_logs
-- The lines of a task's log from a time on, oldest first; `skip` of that time were seen before.
select at, attempt, level, message, fields from core.task_log
 where task_id = %(task_id)s and org_id = %(org_id)s
   and (%(since)s::timestamptz is null or at >= %(since)s)
 order by at, attempt, ctid
 limit %(limit)s offset %(skip)s

-- name: cancel_pending
-- End tasks that have not started. The delete decides: whoever removes the row has the task.
with gone as (
    delete from core.task_pending where id = any(%(task_ids)s::bigint[]) and org_id = %(org_id)s
    returning *
), hist as (
    insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, inval, evs,
                                   n, error, created_at)
    select id, org_id, job_id, ckey, 4, attempt, rngs, inval, evs, n, %(error)s::jsonb, created_at
      from gone
), failed as (
    -- As `complete` in core/work tells of a running task that was cancelled.
    insert into core.event (org_id, dataset_id, key, payload, producer_task, trace)
    select g.org_id, j.failures_dataset_id, coalesce(e.key, g.ckey),
           jsonb_build_object('job', dag.name || '.' || j.name, 'task_id', g.id,
                              'dead_letter', null, 'attempts', g.attempt,
                              'error', %(error)s::jsonb,
                              'event', jsonb_build_object('id', e.id, 'key', e.key, 'at', e.at,
                                                          'payload', e.payload)),
           g.id, e.trace
      from gone g join core.job j on j.id = g.job_id join core.dag dag on dag.id = j.dag_id
      cross join lateral (
        select e.* from unnest(g.evs) r
         cross join lateral (
            select id, key, at, payload, trace from core.event
             where id >= lower(r) and id < upper(r)
               and (g.ckey <> 'b' or dataset_id in (
                    select s.dataset_id from core.subscription s where s.job_id = g.job_id))
             order by id limit 1000) e
         limit 1000) e
     where j.failures_dataset_id is not null
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'task', id::text, '{"state": "cancelled"}' from gone
)
select id from gone

-- name: cancel_leased
-- Ask the workers of running tasks to end them; their next heartbeat sees this.
with asked as (
    update core.task_lease set cancel_requested = true
     where task_id = any(%(task_ids)s::bigint[]) and org_id = %(org_id)s
    returning task_id, org_id
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'task', task_id::text, '{"state": "running", "cancel_requested": true}' from asked
)
select task_id as id from asked

-- name: run_now
-- Make delayed tasks claimable.
with woken as (
    update core.task_pending set waiting = false, run_at = clock_timestamp()
     where id = any(%(task_ids)s::bigint[]) and org_id = %(org_id)s and waiting
    returning id, org_id
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'task', id::text, '{"state": "pending"}' from woken
)
select id from woken

-- name: lock_ended
-- Serialises retries of ended tasks on the last rows of their histories, in the order of ids. A
-- statement of its own: who waited here must look at the tasks again in a snapshot taken after the
-- wait.
select h.outcome from (select id from unnest(%(task_ids)s::bigint[]) as t(id) order by id) a
 cross join lateral (
    select outcome from core.task_history
     where task_id = a.id and org_id = %(org_id)s
     order by done_at desc limit 1 for update) h

-- name: run_ended
-- Put ended tasks back to work as their history has it: what they covered, as their first attempt.
-- The history does not keep whether events are heavy, so they are taken to be. Not one that has moved
-- since somebody looked, nor if a dead letter has what it covered: then that goes back, and only
-- that. Tasks of one key become one.
with last as materialized (
    select h.*, j.priority
      from unnest(%(task_ids)s::bigint[]) as a(id)
     cross join lateral (select * from core.task_history where task_id = a.id and org_id = %(org_id)s
                          order by done_at desc limit 1) h
      join core.job j on j.id = h.job_id and j.removed_at is null
     where h.outcome in (0, 3, 4, 6)
       and not exists (select from core.dead_letter q where q.task_id = h.task_id
                          and q.state in ('open', 'discarded', 'superseded'))
), forgotten as (
    -- Whoever asks for it again wants it to run.
    delete from core.memo m using last where m.job_id = last.job_id and m.ckey = last.ckey
), work as (
    select max(task_id) as id, org_id, job_id, ckey, range_agg(rngs) as rngs,
           range_agg(inval) as inval, range_agg(evs) as evs, sum(n)::bigint as n, priority,
           min(created_at) as created_at
      from last group by org_id, job_id, ckey, priority
), again as (
    insert into core.task_pending as t (id, org_id, job_id, ckey, rngs, inval, evs, n, heavy,
                                        priority, run_at, created_at)
    select id, org_id, job_id, ckey, rngs, inval, evs, n, true, priority, clock_timestamp(),
           created_at
      from work order by job_id, ckey
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = true,
           created_at = least(t.created_at, excluded.created_at)
    returning id, job_id, ckey
), hist as (
    insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, inval, evs,
                                   n, folded_into, created_at)
    select l.task_id, l.org_id, job_id, ckey, 5, 0, l.rngs, l.inval, l.evs, l.n, again.id,
           l.created_at
      from last l join again using (job_id, ckey)
), told as (
    insert into core.change (org_id, topic, subject, data)
    select distinct l.org_id, 'task', again.id::text, '{"state": "pending"}'::jsonb
      from last l join again using (job_id, ckey)
)
select l.task_id as id, again.id as carried_by from last l join again using (job_id, ckey)

-- name: list_dead_letters
-- Dead letters, newest first.
select q.id, q.task_id, d.name || '.' || j.name as job, q.state, q.ckey, q.rngs::text as rngs, q.n,
       q.attempts, q.error - 'detail' as error, q.fingerprint, q.created_at, q.died_at, q.resolved_at,
       q.event_id
  from core.dead_letter q join core.job j on j.id = q.job_id join core.dag d on d.id = j.dag_id
 where q.org_id = %(org_id)s and q.state = any(%(states)s::text[]) and q.id < %(before)s
   and (%(job_id)s::int is null or q.job_id = %(job_id)s)
   and (%(fingerprint)s::text is null or q.fingerprint = %(fingerprint)s)
 order by q.id desc limit %(limit)s

-- name: find_dead_letter
-- One dead letter.
select q.id, q.task_id, d.name || '.' || j.name as job, q.state, q.ckey, q.rngs::text as rngs, q.n,
       q.attempts, q.error, q.fingerprint, q.created_at, q.died_at, q.resolved_at, q.event_id
  from core.dead_letter q join core.job j on j.id = q.job_id join core.dag d on d.id = j.dag_id
 where q.org_id = %(org_id)s and q.id = %(id)s

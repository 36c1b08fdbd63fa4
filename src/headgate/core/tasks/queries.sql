-- name: job_id
-- The id of a job by its full name; also of a removed one, whose history stays.
select j.id from core.job j join core.dag d on d.id = j.dag_id
 where j.org_id = %(org_id)s
   and d.name = split_part(%(job)s, '.', 1) and j.name = split_part(%(job)s, '.', 2)
   and d.name || '.' || j.name = %(job)s

-- name: pending_tasks
-- The newest pending tasks: ready ones, delayed ones, or (null) both.
select id from core.task_pending
 where org_id = %(org_id)s and id < %(before)s
   and (%(job_id)s::int is null or job_id = %(job_id)s)
   and (%(waiting)s::boolean is null or waiting = %(waiting)s)
 order by id desc limit %(limit)s

-- name: leased_tasks
-- The newest running tasks.
select task_id as id from core.task_lease
 where org_id = %(org_id)s and task_id < %(before)s
   and (%(job_id)s::int is null or job_id = %(job_id)s)
 order by task_id desc limit %(limit)s

-- name: ended_tasks
-- The newest tasks with a history row of these outcomes, or (null) of any.
select distinct task_id as id from core.task_history
 where org_id = %(org_id)s and task_id < %(before)s
   and (%(outcomes)s::smallint[] is null or outcome = any(%(outcomes)s))
 order by task_id desc limit %(limit)s

-- name: ended_tasks_of_job
-- The same for one job: a statement of its own, for the index that begins with the job.
select distinct task_id as id from core.task_history
 where job_id = %(job_id)s and org_id = %(org_id)s and task_id < %(before)s
   and (%(outcomes)s::smallint[] is null or outcome = any(%(outcomes)s))
 order by task_id desc limit %(limit)s

-- name: cancelled_tasks
-- The newest cancelled tasks: rare ones, so the outcome is a literal that a partial index can match.
select distinct task_id as id from core.task_history
 where outcome = 4 and org_id = %(org_id)s and task_id < %(before)s
   and (%(job_id)s::int is null or job_id = %(job_id)s)
 order by task_id desc limit %(limit)s

-- name: folded_tasks
-- The newest tasks that went back to pending at least once, merged ones among them; rare as well.
select distinct task_id as id from core.task_history
 where outcome in (1, 2, 5) and org_id = %(org_id)s and task_id < %(before)s
   and (%(job_id)s::int is null or job_id = %(job_id)s)
 order by task_id desc limit %(limit)s

-- name: dead_tasks
-- The newest tasks that were given up and not put back to work.
select distinct task_id as id from core.dead_letter
 where org_id = %(org_id)s and state not in ('redriven', 'replayed') and task_id < %(before)s
   and (%(job_id)s::int is null or job_id = %(job_id)s)
 order by task_id desc limit %(limit)s

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
       coalesce(h.error, q.error) - 'detail' as error,
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
  join core.job j on j.id = coalesce(l.job_id, p.job_id, h.job_id, q.job_id)
  join core.dag d on d.id = j.dag_id
 order by a.id desc

-- name: attempts
-- The newest attempts of a task, the running one among them.
select * from (
    select h.attempt, h.outcome, h.leased_at as started_at, h.done_at as ended_at, h.error, s.worker
      from core.task_history h left join core.session s on s.id = h.session_id
     where h.task_id = %(task_id)s and h.org_id = %(org_id)s and h.leased_at is not null
    union all
    select l.attempt, null, l.leased_at, null, null, s.worker
      from core.task_lease l left join core.session s on s.id = l.session_id
     where l.task_id = %(task_id)s and l.org_id = %(org_id)s
) a order by started_at desc limit %(limit)s

-- name: task_logs
-- The lines of a task's log from a time on, oldest first; `skip` of that time were seen before.
select at, attempt, level, message, fields from core.task_log
 where task_id = %(task_id)s and org_id = %(org_id)s
   and (%(since)s::timestamptz is null or at >= %(since)s)
 order by at, attempt, ctid
 limit %(limit)s offset %(skip)s

-- name: cancel_pending
-- End a task that has not started. The delete decides: whoever removes the row has the task.
with gone as (
    delete from core.task_pending where id = %(task_id)s and org_id = %(org_id)s returning *
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
-- Ask the worker of a running task to end it; its next heartbeat sees this.
with asked as (
    update core.task_lease set cancel_requested = true
     where task_id = %(task_id)s and org_id = %(org_id)s
    returning task_id, org_id
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'task', task_id::text, '{"state": "running", "cancel_requested": true}' from asked
)
select task_id from asked

-- name: run_now
-- Make a delayed task claimable.
with woken as (
    update core.task_pending set waiting = false, run_at = clock_timestamp()
     where id = %(task_id)s and org_id = %(org_id)s and waiting
    returning id, org_id
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'task', id::text, '{"state": "pending"}' from woken
)
select id from woken

-- name: lock_ended
-- Serialises retries of an ended task on the last row of its history. A statement of its own: who
-- waited here must look at the task again in a snapshot taken after the wait.
select outcome from core.task_history
 where task_id = %(task_id)s and org_id = %(org_id)s
 order by done_at desc limit 1 for update

-- name: run_again
-- Put an ended task back to work as its history has it: what it covered, as its first attempt. The
-- history does not keep whether events are heavy, so they are taken to be. Not if it has moved since
-- somebody looked, nor if a dead letter has what it covered: then that goes back, and only that.
with last as (
    select h.*, j.priority
      from (select * from core.task_history where task_id = %(task_id)s and org_id = %(org_id)s
             order by done_at desc limit 1) h
      join core.job j on j.id = h.job_id and j.removed_at is null
     where h.outcome in (0, 3, 4, 6)
       and not exists (select from core.dead_letter q where q.task_id = h.task_id
                          and q.state in ('open', 'discarded', 'superseded'))
), forgotten as (
    -- Whoever asks for it again wants it to run.
    delete from core.memo m using last where m.job_id = last.job_id and m.ckey = last.ckey
), again as (
    insert into core.task_pending as t (id, org_id, job_id, ckey, rngs, inval, evs, n, heavy,
                                        priority, run_at, created_at)
    select task_id, org_id, job_id, ckey, rngs, inval, evs, n, true, priority, clock_timestamp(),
           created_at
      from last
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = true,
           created_at = least(t.created_at, excluded.created_at)
    returning id
), hist as (
    insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, inval, evs,
                                   n, folded_into, created_at)
    select task_id, org_id, job_id, ckey, 5, 0, rngs, inval, evs, n, again.id, created_at
      from last, again
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'task', again.id::text, '{"state": "pending"}' from last, again
)
select id from again

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

-- name: groups
-- Dead letters by job and fingerprint, the group with the newest letter first.
with grouped as (
    select job_id, fingerprint, count(*) as letters, sum(n)::bigint as events_covered,
           min(died_at) as first_died_at, max(died_at) as last_died_at, max(id) as newest
      from core.dead_letter
     where org_id = %(org_id)s and state = any(%(states)s::text[])
       and (%(job_id)s::int is null or job_id = %(job_id)s)
     group by job_id, fingerprint
    having max(id) < %(before)s
     order by newest desc limit %(limit)s
)
select d.name || '.' || j.name as job, g.fingerprint, g.letters, g.events_covered, g.first_died_at,
       g.last_died_at, g.newest, q.error - 'detail' as error
  from grouped g join core.dead_letter q on q.id = g.newest
  join core.job j on j.id = g.job_id join core.dag d on d.id = j.dag_id
 order by g.newest desc

-- name: plan
-- How many dead letters are meant, in all (the first row) and by group, and into how many tasks they
-- would go back, some of which are pending already.
with chosen as (
    select q.*, exists (select from core.task_pending p
                         where p.job_id = q.job_id and p.ckey = q.ckey) as merges
      from core.dead_letter q join core.job j on j.id = q.job_id
     where q.org_id = %(org_id)s and q.state = %(state)s
       and (j.removed_at is null or %(with_removed)s)
       and (%(ids)s::bigint[] is null or q.id = any(%(ids)s))
       and (%(job_id)s::int is null or q.job_id = %(job_id)s)
       and (%(fingerprint)s::text is null or q.fingerprint = %(fingerprint)s)
       and (%(died_after)s::timestamptz is null or q.died_at >= %(died_after)s)
       and (%(died_before)s::timestamptz is null or q.died_at < %(died_before)s)
), counted as (
    select job_id, fingerprint, count(*) as letters, coalesce(sum(n), 0)::bigint as events_covered,
           count(distinct (job_id, ckey)) as tasks,
           count(distinct (job_id, ckey)) filter (where merges) as merged, max(id) as last,
           grouping(job_id) as is_total
      from chosen group by grouping sets ((job_id, fingerprint), ())
     order by is_total desc, last desc limit %(limit)s + 1
)
select d.name || '.' || j.name as job, c.fingerprint, c.letters, c.events_covered, c.tasks, c.merged,
       c.last
  from counted c left join core.job j on j.id = c.job_id left join core.dag d on d.id = j.dag_id
 order by c.is_total desc, c.last desc

-- name: redrive
-- Put open dead letters back to work, by sets, the lowest ids first. A letter is taken once: who
-- waits for its row finds it no longer open. Letters of one key become one task, merged with the one
-- that is pending.
with chosen as materialized (
    select q.id
      from core.dead_letter q join core.job j on j.id = q.job_id and j.removed_at is null
     where q.org_id = %(org_id)s and q.state = 'open' and q.id > %(after)s and q.id <= %(last)s
       and (%(ids)s::bigint[] is null or q.id = any(%(ids)s))
       and (%(job_id)s::int is null or q.job_id = %(job_id)s)
       and (%(fingerprint)s::text is null or q.fingerprint = %(fingerprint)s)
       and (%(died_after)s::timestamptz is null or q.died_at >= %(died_after)s)
       and (%(died_before)s::timestamptz is null or q.died_at < %(died_before)s)
     order by q.id limit %(limit)s for update of q
), taken as (
    update core.dead_letter q set state = 'redriven', resolved_at = clock_timestamp()
      from chosen where q.id = chosen.id
    returning q.*
), work as (
    select max(task_id) as id, org_id, job_id, ckey, range_agg(rngs) as rngs,
           range_agg(inval) as inval, range_agg(evs) as evs, sum(n)::bigint as n,
           bool_or(heavy) as heavy, max(priority) as priority, min(created_at) as created_at,
           row_number() over (partition by job_id order by max(task_id)) as nth
      from taken group by job_id, ckey, org_id
), again as (
    -- In a fair job what comes back takes turns with the others, as one group of its own.
    insert into core.task_pending as t (id, org_id, job_id, ckey, rngs, inval, evs, n, heavy,
                                        priority, turn, run_at, created_at)
    select w.id, w.org_id, w.job_id, w.ckey, w.rngs, w.inval, w.evs, w.n, w.heavy, w.priority,
           case when j.fair_segments is null then 0 else w.nth + coalesce((
               select p.turn from core.task_pending p where p.job_id = w.job_id and not p.waiting
                order by p.priority desc, p.turn, p.id limit 1), 0) end,
           clock_timestamp(), w.created_at
      from work w join core.job j on j.id = w.job_id
     order by w.job_id, w.ckey
    on conflict (job_id, ckey) do update
       set rngs = t.rngs + excluded.rngs, inval = t.inval + excluded.inval,
           evs = t.evs + excluded.evs, n = t.n + excluded.n, heavy = t.heavy or excluded.heavy,
           created_at = least(t.created_at, excluded.created_at)
    returning id, job_id, ckey
), hist as (
    insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, inval, evs,
                                   n, folded_into, created_at)
    select t.task_id, t.org_id, job_id, ckey, 5, t.attempts, t.rngs, t.inval, t.evs, t.n, again.id,
           t.created_at
      from taken t join again using (job_id, ckey)
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'dead_letter', id::text,
           jsonb_build_object('task_id', task_id, 'state', 'redriven') from taken
    union all
    select t.org_id, 'task', t.task_id::text,
           jsonb_build_object('state', case when again.id = t.task_id then 'pending' else 'merged' end)
      from taken t join again using (job_id, ckey)
)
select t.id as dead_letter, again.id as task_id from taken t join again using (job_id, ckey)

-- name: next_redrive
-- The running redrive that is due first, locked, unless another server has it in hand.
select id, org_id, done, total, result, cancel_requested
  from core.operation
 where kind = 'redrive' and state = 'running'
 order by cancel_requested desc, (result->>'not_before')::timestamptz nulls first, created_at
 limit 1 for update skip locked

-- name: settle
-- Move dead letters from one state to another, the lowest ids first; those of removed jobs, too.
-- `resolved_at` is set in either direction: letters are kept for a time since then.
with chosen as materialized (
    select q.id from core.dead_letter q
     where q.org_id = %(org_id)s and q.state = %(was)s and q.id > %(after)s and q.id <= %(last)s
       and (%(ids)s::bigint[] is null or q.id = any(%(ids)s))
       and (%(job_id)s::int is null or q.job_id = %(job_id)s)
       and (%(fingerprint)s::text is null or q.fingerprint = %(fingerprint)s)
       and (%(died_after)s::timestamptz is null or q.died_at >= %(died_after)s)
       and (%(died_before)s::timestamptz is null or q.died_at < %(died_before)s)
     order by q.id limit %(limit)s for update
), settled as (
    update core.dead_letter q set state = %(becomes)s, resolved_at = clock_timestamp()
      from chosen where q.id = chosen.id
    returning q.id, q.org_id, q.task_id, q.state
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'dead_letter', id::text, jsonb_build_object('task_id', task_id, 'state', state)
      from settled
)
select id from settled order by id

-- name: open_of_task
-- Have the letter of a dead task open, and hold it, if one is kept. There is at most one: a task goes
-- back to work by its letter for as long as that is kept.
update core.dead_letter set state = 'open'
 where task_id = %(task_id)s and org_id = %(org_id)s and state in ('open', 'discarded', 'superseded')
returning id

-- name: lock_letter
-- Hold one dead letter. A statement of its own: who waited here must look at it in a later snapshot.
select state from core.dead_letter where org_id = %(org_id)s and id = %(id)s for update

-- name: covered_event
-- The event of a letter that covers exactly one, and whether an edit of it could stand for the
-- letter: the job is there, still reads the dataset, and no other partition had its part of the range.
select e.id, ds.id as dataset_id, ds.name as dataset, ds.partitioning,
       case when ds.storage = 'postgres' and ds.write_mode = 'buffered' then ds.schema end as columns,
       e.key, lower(e.rng) as low, upper(e.rng) as high, e.payload,
       j.removed_at is null as deployed, s.job_id is not null as subscribed,
       left(q.ckey, 1) <> 'p' or e.rng is null or s.whole
         or q.rngs @> int8range(lower(e.rng) + s.lo_off, upper(e.rng) + s.hi_off) as whole
  from core.dead_letter q
  join core.job j on j.id = q.job_id
  join core.event e on e.id = lower(q.evs)
  join core.dataset ds on ds.id = e.dataset_id
  left join core.subscription s on s.dataset_id = e.dataset_id and s.job_id = q.job_id
 where q.org_id = %(org_id)s and q.id = %(id)s and q.n = 1 and upper(q.evs) - lower(q.evs) = 1

-- name: replay
-- Let an edited copy of its event take a letter's place: for the letter's job, and for no other.
with taken as (
    update core.dead_letter
       set state = 'replayed', resolved_at = clock_timestamp(), event_id = nextval('core.event_id')
     where org_id = %(org_id)s and id = %(id)s and state = 'open'
    returning *
), edited as (
    insert into core.event (id, org_id, dataset_id, kind, rng, key, payload, trace, only_job)
    select t.event_id, t.org_id, e.dataset_id, e.kind, e.rng, coalesce(%(key)s, e.key),
           case when %(keep_payload)s then e.payload else %(payload)s::jsonb end, e.trace, t.job_id
      from taken t join core.event e on e.id = lower(t.evs)
), hist as (
    insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, inval, evs,
                                   n, error, created_at)
    select task_id, org_id, job_id, ckey, 5, attempts, rngs, inval, evs, n,
           jsonb_build_object('code', 'replayed', 'event', event_id, 'fault', 'state', 'retry', false,
                              'message', format('Event %%s, edited by %%s, took its place.',
                                                event_id, %(actor)s::text)),
           created_at
      from taken
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'dead_letter', id::text,
           jsonb_build_object('task_id', task_id, 'state', 'replayed', 'event_id', event_id) from taken
    union all
    select org_id, 'task', task_id::text,
           jsonb_build_object('state', 'replayed', 'event_id', event_id) from taken
)
select event_id from taken

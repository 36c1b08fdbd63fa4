-- Every look reads at most `window` rows of its place by an index in the order of ids, between the
-- ids `low` and `high`; its two branches are the two directions, of which one is never begun. It
-- gives the first `most` candidates, and the id at which it stopped if rows are left.

-- name: pending_tasks
-- Pending tasks: ready ones, delayed ones, or (null) both; `tried`: only after an attempt.
with seen as materialized (
    (select id, ckey, created_at, waiting, attempt > 0 or losses > 0 as tried
       from core.task_pending
      where not %(oldest)s and org_id = %(org_id)s and id > %(low)s and id < %(high)s
        and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
      order by id desc limit %(window)s)
    union all
    (select id, ckey, created_at, waiting, attempt > 0 or losses > 0
       from core.task_pending
      where %(oldest)s and org_id = %(org_id)s and id > %(low)s and id < %(high)s
        and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
      order by id limit %(window)s)
), hit as (
    select id from seen
     where (%(waiting)s::boolean is null or waiting = %(waiting)s) and (tried or not %(tried)s)
       and (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
     order by case when %(oldest)s then id else -id end limit %(most)s
)
select array(select id from hit) as ids,
       case when count(*) = %(window)s then case when %(oldest)s then max(id) else min(id) end
       end as reached
  from seen

-- name: leased_tasks
-- Running tasks.
with seen as materialized (
    (select task_id, ckey, created_at, session_id from core.task_lease
      where not %(oldest)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
        and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
      order by task_id desc limit %(window)s)
    union all
    (select task_id, ckey, created_at, session_id from core.task_lease
      where %(oldest)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
        and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
      order by task_id limit %(window)s)
), hit as (
    select task_id from seen
     where (%(sessions)s::bigint[] is null or session_id = any(%(sessions)s))
       and (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
     order by case when %(oldest)s then task_id else -task_id end limit %(most)s
)
select array(select task_id from hit) as ids,
       case when count(*) = %(window)s then case when %(oldest)s then max(task_id) else min(task_id)
       end end as reached
  from seen

-- name: ended_tasks
-- Tasks with a history row of these outcomes, or (null) of any.
with seen as materialized (
    (select task_id, ckey, created_at, session_id, outcome, error->>'code' as code
       from core.task_history
      where not %(oldest)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
      order by task_id desc limit %(window)s)
    union all
    (select task_id, ckey, created_at, session_id, outcome, error->>'code'
       from core.task_history
      where %(oldest)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
      order by task_id limit %(window)s)
), hit as (
    select distinct task_id, case when %(oldest)s then task_id else -task_id end as nth from seen
     where (%(outcomes)s::smallint[] is null or outcome = any(%(outcomes)s))
       and (%(sessions)s::bigint[] is null or session_id = any(%(sessions)s))
       and (%(code)s::text is null or code = %(code)s)
       and (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
     order by nth limit %(most)s
)
select array(select task_id from hit order by nth) as ids,
       case when count(*) = %(window)s then case when %(oldest)s then max(task_id) else min(task_id)
       end end as reached
  from seen

-- name: ended_tasks_of_jobs
-- The same for some jobs: a statement of its own, for the index that begins with the job. Of each
-- job `each` rows are looked at; where the first of them that was cut ended, all end. Pairs are
-- compared, and not `job_id = `, because with that the planner may walk the tasks of all jobs by id.
with seen as materialized (
    select h.* from unnest(%(jobs)s::int[]) as j(id) cross join lateral (
        (select job_id, task_id, ckey, created_at, session_id, outcome, error->>'code' as code
           from core.task_history
          where not %(oldest)s and org_id = %(org_id)s
            and (job_id, task_id) > (j.id, %(low)s::bigint)
            and (job_id, task_id) < (j.id, %(high)s::bigint)
          order by job_id desc, task_id desc limit %(each)s)
        union all
        (select job_id, task_id, ckey, created_at, session_id, outcome, error->>'code'
           from core.task_history
          where %(oldest)s and org_id = %(org_id)s
            and (job_id, task_id) > (j.id, %(low)s::bigint)
            and (job_id, task_id) < (j.id, %(high)s::bigint)
          order by job_id, task_id limit %(each)s)) h
), hit as (
    select distinct task_id, case when %(oldest)s then task_id else -task_id end as nth from seen
     where (%(outcomes)s::smallint[] is null or outcome = any(%(outcomes)s))
       and (%(sessions)s::bigint[] is null or session_id = any(%(sessions)s))
       and (%(code)s::text is null or code = %(code)s)
       and (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
     order by nth limit %(most)s
), cut as (
    select min(task_id) as low, max(task_id) as high from seen
     group by job_id having count(*) = %(each)s
)
select array(select task_id from hit order by nth) as ids,
       (select case when %(oldest)s then min(high) else max(low) end from cut) as reached

-- name: folded_tasks
-- Tasks that were cancelled, or went back to pending at least once, merged and replayed ones among
-- them: rare ones, so the outcomes are literals that a partial index can match.
with seen as materialized (
    (select task_id, job_id, ckey, created_at, session_id, outcome, error->>'code' as code
       from core.task_history
      where not %(oldest)s and outcome not in (0, 3) and org_id = %(org_id)s
        and task_id > %(low)s and task_id < %(high)s
      order by task_id desc limit %(window)s)
    union all
    (select task_id, job_id, ckey, created_at, session_id, outcome, error->>'code'
       from core.task_history
      where %(oldest)s and outcome not in (0, 3) and org_id = %(org_id)s
        and task_id > %(low)s and task_id < %(high)s
      order by task_id limit %(window)s)
), hit as (
    select distinct task_id, case when %(oldest)s then task_id else -task_id end as nth from seen
     where outcome = any(%(outcomes)s::smallint[])
       and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
       and (%(sessions)s::bigint[] is null or session_id = any(%(sessions)s))
       and (%(code)s::text is null or code = %(code)s)
       and (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
     order by nth limit %(most)s
)
select array(select task_id from hit order by nth) as ids,
       case when count(*) = %(window)s then case when %(oldest)s then max(task_id) else min(task_id)
       end end as reached
  from seen

-- name: dead_tasks
-- Tasks that were given up and not put back to work, also those whose history is gone.
with seen as materialized (
    (select task_id, job_id, ckey, created_at, state, error->>'code' as code from core.dead_letter
      where not %(oldest)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
      order by task_id desc limit %(window)s)
    union all
    (select task_id, job_id, ckey, created_at, state, error->>'code' from core.dead_letter
      where %(oldest)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
      order by task_id limit %(window)s)
), hit as (
    select distinct task_id, case when %(oldest)s then task_id else -task_id end as nth from seen
     where state not in ('redriven', 'replayed')
       and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
       and (%(code)s::text is null or code = %(code)s)
       and (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
     order by nth limit %(most)s
)
select array(select task_id from hit order by nth) as ids,
       case when count(*) = %(window)s then case when %(oldest)s then max(task_id) else min(task_id)
       end end as reached
  from seen

-- name: jobs_of_dag
-- The jobs of a DAG, also removed ones, whose history stays.
select j.id from core.job j join core.dag d on d.id = j.dag_id
 where d.org_id = %(org_id)s and d.name = %(dag)s

-- name: sessions_of
-- The sessions of a worker that are there.
select id from core.session where worker = %(worker)s

-- name: first_created_since
-- The id above which tasks were created since a time, or a few lower (`low`), and one above which
-- all were (`high`, null without history). Ids rise with time but for tasks that took over older
-- work; so halving looks at the newest of a hundred in a row. Some 24 steps for 10^7 tasks.
with recursive step(low, high) as (
    select coalesce((select task_id from core.task_history order by task_id limit 1), 0),
           coalesce((select task_id from core.task_history order by task_id desc limit 1), 0) + 1
    union all
    select case when s.late then s.low else s.mid + 1 end, case when s.late then s.mid else s.high end
      from (select low, high, low + (high - low) / 2 as mid, (
                select coalesce(max(p.created_at) >= %(at)s::timestamptz, true) from (
                    select h.created_at from core.task_history h
                     where h.task_id >= step.low + (step.high - step.low) / 2
                     order by h.task_id limit 100) p) as late
              from step where low < high) s
), found as (
    select low from step where low >= high limit 1
)
select greatest(low - 1, 0) as low,
       (select h.task_id from core.task_history h where h.task_id >= found.low
         order by h.task_id offset 200 limit 1) as high
  from found

-- name: count_tasks
-- How many tasks are in each state, by job, among the newest `window` rows of each place (`each`
-- of each job's history, if jobs are given), and whether there are more rows than that. The last row of a
-- task says how it ended, and its rows are neighbors in the order of ids. Cancelled ones are counted
-- by the index of what is rare: whoever is run again gets a rare row for that.
with pending as materialized (
    select id, job_id, ckey, created_at, waiting, attempt > 0 or losses > 0 as tried
      from core.task_pending
     where org_id = %(org_id)s and id > %(low)s and id < %(high)s
       and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
     order by id desc limit %(window)s
), leased as materialized (
    select task_id as id, job_id, ckey, created_at, session_id from core.task_lease
     where org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
       and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
     order by task_id desc limit %(window)s
), letters as materialized (
    select task_id as id, job_id, ckey, created_at, state, error->>'code' as code
      from core.dead_letter
     where %(with_dead)s and org_id = %(org_id)s and task_id > %(low)s and task_id < %(high)s
     order by task_id desc limit %(window)s
), history as materialized (
    (select task_id as id, job_id, ckey, created_at, session_id, outcome, leased_at, done_at,
            error->>'code' as code
       from core.task_history
      where %(with_ended)s and %(jobs)s::int[] is null and org_id = %(org_id)s
        and task_id > %(low)s and task_id < %(high)s
      order by task_id desc limit %(window)s)
    union all
    (select h.* from unnest(%(jobs)s::int[]) as j(id) cross join lateral (
        select task_id, job_id, ckey, created_at, session_id, outcome, leased_at, done_at,
               error->>'code'
          from core.task_history
         where %(with_ended)s and org_id = %(org_id)s
           and (job_id, task_id) > (j.id, %(low)s::bigint)
           and (job_id, task_id) < (j.id, %(high)s::bigint)
         order by job_id desc, task_id desc limit %(each)s) h)
), ended as (
    select distinct on (id) * from history order by id desc, done_at desc
), rare as materialized (
    select task_id as id, job_id, ckey, created_at, session_id, outcome, done_at,
           error->>'code' as code
      from core.task_history
     where %(with_cancelled)s and outcome not in (0, 3) and org_id = %(org_id)s
       and task_id > %(low)s and task_id < %(high)s
     order by task_id desc limit %(window)s
), folded as (
    select distinct on (id) * from rare order by id desc, done_at desc
), every as (
    select p.id, p.job_id, p.ckey, p.created_at,
           case when p.waiting then 'waiting' else 'pending' end as state, h.session_id, h.code
      from pending p
      left join lateral (
        select session_id, error->>'code' as code from core.task_history
         where p.tried and task_id = p.id
           and (%(sessions)s::bigint[] is not null or %(code)s::text is not null)
         order by done_at desc limit 1) h on true
    union all
    select id, job_id, ckey, created_at, 'running', session_id,
           case when %(code)s::text is not null then (
               select h.error->>'code' from core.task_history h where h.task_id = leased.id
                order by h.done_at desc limit 1) end
      from leased
    union all
    select distinct on (id) id, job_id, ckey, created_at, 'dead',
           case when %(sessions)s::bigint[] is not null then (
               select h.session_id from core.task_history h where h.task_id = letters.id
                order by h.done_at desc limit 1) end, code
      from letters where state not in ('redriven', 'replayed')
    union all
    select id, job_id, ckey, created_at,
           case when outcome in (0, 6) then 'succeeded'
                when leased_at is null and code = 'replayed' then 'replayed' else 'merged' end,
           session_id, case when outcome not in (0, 6) then code end
      from ended
     where outcome not in (3, 4)
       and not exists (select from core.task_lease l where l.task_id = ended.id)
       and not exists (select from core.task_pending p where p.id = ended.id)
    union all
    select id, job_id, ckey, created_at, 'cancelled', session_id, code from folded where outcome = 4
), matching as (
    select state, job_id, count(*) as tasks from every
     where (%(partition)s::text is null or left(ckey, 1) in ('p', 'k')
            and starts_with(substr(ckey, 2), %(partition)s))
       and (%(since)s::timestamptz is null or created_at >= %(since)s)
       and (%(until)s::timestamptz is null or created_at < %(until)s)
       and (%(jobs)s::int[] is null or job_id = any(%(jobs)s))
       and (%(sessions)s::bigint[] is null or session_id = any(%(sessions)s))
       and (%(code)s::text is null or code = %(code)s)
     group by state, job_id
)
select m.state, d.name || '.' || j.name as job, m.tasks,
       (select count(*) from pending) >= %(window)s as pending_cut,
       (select count(*) from leased) >= %(window)s as leased_cut,
       (select count(*) from letters) >= %(window)s as letters_cut,
       case when %(jobs)s::int[] is null then (select count(*) from history) >= %(window)s
            else exists (select from history group by job_id having count(*) >= %(each)s)
       end as history_cut,
       (select count(*) from rare) >= %(window)s as rare_cut
  from (select 1) one
  left join matching m on true
  left join core.job j on j.id = m.job_id left join core.dag d on d.id = j.dag_id
 order by m.tasks desc, job

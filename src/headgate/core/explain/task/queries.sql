-- name: task_facts
-- A task wherever it is now, with what its job says of how tasks come to be. Each place is one look
-- by the task's id.
select a.id as task_id, j.id as job_id, d.name || '.' || j.name as job, j.strategy, j.part_size,
       j.debounce_ms, j.max_wait_ms, coalesce(l.ckey, p.ckey, h.ckey, q.ckey) as ckey,
       coalesce(l.evs, p.evs, h.evs, q.evs)::text as evs, coalesce(l.n, p.n, h.n, q.n) as n,
       l.leased_at, l.deadline_at, l.attempt as running_attempt, l.preempted, l.cancel_requested,
       case when l.task_id is not null then coalesce(s.worker, '') end as worker,
       q.id as letter, q.state as letter_state, q.resolved_at, q.event_id as replayed_by
  from (select %(task_id)s::bigint as id) a
  left join core.task_lease l on l.task_id = a.id
  left join core.task_pending p on p.id = a.id
  left join lateral (select * from core.task_history where task_id = a.id
                      order by done_at desc limit 1) h on true
  left join lateral (select * from core.dead_letter where task_id = a.id
                      order by id desc limit 1) q on true
  left join core.session s on s.id = l.session_id
  join core.job j on j.id = coalesce(l.job_id, p.job_id, h.job_id, q.job_id)
  join core.dag d on d.id = j.dag_id
 where j.org_id = %(org_id)s

-- name: ends_of
-- How the newest attempts of a task ended, and when it was put back, newest first.
select h.attempt, h.outcome, h.error - 'detail' as error, h.leased_at, h.done_at, h.folded_into,
       h.leased_at is null as by_hand, s.worker
  from core.task_history h left join core.session s on s.id = h.session_id
 where h.task_id = %(task_id)s and h.org_id = %(org_id)s
 order by h.done_at desc limit %(limit)s

-- name: folded_tasks
-- Other tasks that were folded into this one: of the %(most)s rows of rare outcomes on either side.
select h.task_id, h.outcome, h.done_at, h.leased_at is null as by_hand
  from ((select * from core.task_history
          where outcome not in (0, 3) and task_id < %(task_id)s order by task_id desc limit %(most)s)
        union all
        (select * from core.task_history
          where outcome not in (0, 3) and task_id > %(task_id)s order by task_id limit %(most)s)) h
 where h.folded_into = %(task_id)s and h.org_id = %(org_id)s
 order by h.done_at limit %(limit)s

-- name: superseding_task
-- The success that made a dead letter needless: of the next %(most)s tasks of the job, the one that
-- ended when the letter was put aside.
select near.task_id
  from (select task_id, outcome, done_at from core.task_history
         where (job_id, task_id) > (%(job_id)s, %(task_id)s) and job_id < %(job_id)s + 1
         order by job_id, task_id limit %(most)s) near
 where near.outcome in (0, 6)
   and near.done_at between %(resolved_at)s::timestamptz - interval '1 second'
                        and %(resolved_at)s::timestamptz + interval '1 second'
 order by abs(extract(epoch from near.done_at - %(resolved_at)s::timestamptz)) limit 1

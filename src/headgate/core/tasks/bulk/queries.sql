-- name: moment
-- The highest task id that was handed out, and the time.
select last_value as last, clock_timestamp() as at from core.task_id

-- name: next_act
-- The running act that is due first, locked, unless another server has it in hand.
select id, org_id, actor, total, result, cancel_requested
  from core.operation
 where kind = 'task_act' and state = 'running'
 order by cancel_requested desc, (result->>'not_before')::timestamptz nulls first, created_at
 limit 1 for update skip locked

-- name: hold_pending
-- Hold those of these tasks that are pending and in nobody's hand: who waits here for a claim or a
-- completion, with other rows held, may wait for somebody who waits for those.
select id from core.task_pending
 where id = any(%(task_ids)s::bigint[]) and org_id = %(org_id)s
   for update skip locked

-- name: hold_leased
-- The same for those that run.
select task_id as id from core.task_lease
 where task_id = any(%(task_ids)s::bigint[]) and org_id = %(org_id)s
   for update skip locked

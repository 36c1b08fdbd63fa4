-- name: start
-- A new running operation.
insert into core.operation (id, org_id, kind, actor, subject, total, result)
values (%(id)s, %(org_id)s, %(kind)s, %(actor)s, %(subject)s, %(total)s, %(result)s::jsonb)
on conflict (id) do nothing

-- name: advance
-- Where a running operation is now; an ended one stays as it ended unless `reopen` says otherwise.
with changed as (
    update core.operation
       set state = %(state)s, done = %(done)s, total = %(total)s, message = %(message)s,
           result = coalesce(%(result)s::jsonb, result),
           problems = coalesce(%(problems)s::jsonb, '[]'), updated_at = clock_timestamp()
     where id = %(id)s and org_id = %(org_id)s and (state = 'running' or %(reopen)s)
    returning *
)
insert into core.change (org_id, topic, subject, data)
select org_id, 'operation', id::text,
       jsonb_build_object('kind', kind, 'subject', subject, 'state', state, 'done', done,
                          'total', total, 'message', message)
  from changed

-- name: request_cancel
-- Ask whoever carries out a running operation to end it.
with asked as (
    update core.operation set cancel_requested = true, updated_at = clock_timestamp()
     where id = %(id)s and org_id = %(org_id)s and state = 'running'
    returning *
), told as (
    insert into core.change (org_id, topic, subject, data)
    select org_id, 'operation', id::text,
           jsonb_build_object('kind', kind, 'subject', subject, 'state', state, 'done', done,
                              'total', total, 'message', message, 'cancel_requested', true)
      from asked
)
select id from asked

-- name: find
-- One operation.
select id, kind, actor, subject, state, done, total, message, result, problems, cancel_requested,
       created_at, updated_at
  from core.operation where org_id = %(org_id)s and id = %(id)s

-- name: list_operations
-- The newest operations, newest first.
select id, kind, actor, subject, state, done, total, message, result, problems, cancel_requested,
       created_at, updated_at
  from core.operation
 where org_id = %(org_id)s
   and (%(kind)s::text is null or kind = %(kind)s)
   and (%(state)s::text is null or state = %(state)s)
   and (%(actor)s::text is null or actor = %(actor)s)
   and (%(before)s::timestamptz is null or (created_at, id) < (%(before)s, %(before_id)s::uuid))
 order by created_at desc, id desc
 limit %(limit)s

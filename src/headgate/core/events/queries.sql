-- name: emit
-- Append events; those whose idempotency key is known are left out. Keys are taken in order, so
-- that two emits with the same keys wait for each other rather than deadlock.
with input as materialized (
    select nextval('core.event_id') as id, t.*
      from unnest(%(datasets)s::int[], %(kinds)s::smallint[], %(lows)s::bigint[], %(highs)s::bigint[],
                  %(keys)s::text[], %(payloads)s::text[], %(idem_keys)s::text[], %(traces)s::text[],
                  %(producers)s::bigint[], %(versions)s::text[], %(only_jobs)s::int[])
           as t(dataset_id, kind, low, high, key, payload, idem_key, trace, producer, version, only_job)
), fresh as (
    insert into core.event_key (org_id, scope, key, event_id)
    select %(org_id)s, %(scope)s, idem_key, id from input where idem_key is not null order by idem_key, id
    on conflict do nothing
    returning event_id
)
insert into core.event (id, org_id, dataset_id, kind, rng, key, payload, producer_task, trace, version,
                        only_job)
select id, %(org_id)s, dataset_id, kind, case when low is not null then int8range(low, high) end,
       key, payload::jsonb, producer, trace, version, only_job
  from input
 where idem_key is null or id in (select event_id from fresh)
 order by id
returning id

-- name: events_of_keys
-- The events that these idempotency keys made.
select key, event_id from core.event_key
 where org_id = %(org_id)s and scope = %(scope)s and key = any (%(keys)s::text[])

-- name: events_in
-- The events with these ids, for the tasks that cover them; in the ranges of a Bulk task there are
-- others between, of datasets that its job does not read. The inner limit is a fence: each range is
-- one walk of an index, not one of the whole log.
select r.job_id, e.id, d.name as dataset, e.kind, e.key, lower(e.rng) as low, upper(e.rng) as high, e.payload,
       e.at, e.trace, e.version
  from unnest(%(jobs)s::int[], %(bulks)s::boolean[], %(lows)s::bigint[], %(highs)s::bigint[])
           as r(job_id, bulk, low, high)
 cross join lateral (
    select * from core.event where id >= r.low and id < r.high
       and (not r.bulk or dataset_id in (
            select s.dataset_id from core.subscription s where s.job_id = r.job_id))
     order by id limit %(limit)s) e
  join core.dataset d on d.id = e.dataset_id
 order by e.id
 limit %(limit)s

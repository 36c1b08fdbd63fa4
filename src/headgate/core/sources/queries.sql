-- name: object_sources
-- The sources that announce objects, and where each looks.
select s.id, s.org_id, s.dataset_id, coalesce(s.spec->>'prefix', '') as prefix,
       coalesce(s.spec->>'suffix', '') as suffix
  from core.source s
 where s.kind = 'object_created' and s.enabled and s.removed_at is null
   and (%(org_id)s::int is null or s.org_id = %(org_id)s)

-- name: unseen_objects
-- Of these puts, those that were not announced yet.
select t.key, t.version
  from unnest(%(keys)s::text[], %(versions)s::text[]) as t(key, version)
  left join core.object_seen o on o.org_id = %(org_id)s and o.key = t.key
 where o.version is distinct from t.version

-- name: see_object
-- Remember this put; a row comes back only to the one who was first.
insert into core.object_seen as o (org_id, key, version) values (%(org_id)s, %(key)s, %(version)s)
on conflict (org_id, key) do update set version = excluded.version, at = clock_timestamp()
  where o.version <> excluded.version
returning key

-- name: due_schedules
-- Schedules that must fire, or that never fired; locked against other processes.
select s.id, s.org_id, s.dataset_id, d.name || '.' || s.name as name, s.spec, s.next_at
  from core.source s join core.dag d on d.id = s.dag_id
 where s.kind = 'schedule' and s.enabled and s.removed_at is null
   and (s.next_at is null or s.next_at <= %(now)s)
 order by s.id limit 100
   for update of s skip locked

-- name: set_next_fire
-- When the schedule fires next.
update core.source set next_at = %(next_at)s where id = %(id)s

-- name: http_source
-- The source behind an HTTP address.
select s.id, s.org_id, s.dataset_id, s.enabled, ds.partitioning, ds.name as dataset,
       case when ds.storage = 'postgres' and ds.write_mode = 'buffered' and ds.schema <> '{}'
            then ds.schema end as columns
  from core.source s
  join core.dag d on d.id = s.dag_id
  join core.dataset ds on ds.id = s.dataset_id
 where s.kind = 'http' and s.removed_at is null
   and s.org_id = %(org_id)s and d.name = %(dag)s and s.name = %(source)s

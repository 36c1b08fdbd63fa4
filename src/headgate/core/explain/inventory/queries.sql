-- name: inventory
-- Datasets by name, or one: who makes and who reads each, its newest event by the index that begins
-- with the dataset, and how much of it is stale. A text key is a row of what is stale, and so many are
-- counted up to a limit.
select d.id, d.name, g.name as dag, d.description, d.partitioning, d.unit, d.storage, d.write_mode,
       d.location, d.schema as columns, d.pii_columns, d.producer_job_id,
       coalesce(h.name || '.' || j.name, i.name || '.' || s.name) as producer,
       case when j.id is not null then 'job' when s.id is not null then 'source' end as producer_kind,
       c.names[:100] as consumers, cardinality(c.names) as consumer_count, c.sink_job_id,
       e.at as last_event_at, st.since as stale_since, st.units as stale_units,
       coalesce(st.keys, 0) as stale_keys, d.created_at, d.updated_at, clock_timestamp() as now
  from core.dataset d join core.dag g on g.id = d.dag_id
  left join core.job j on j.id = d.producer_job_id
  left join core.dag h on h.id = j.dag_id
  left join core.source s on s.id = d.producer_source_id
  left join core.dag i on i.id = s.dag_id
 cross join lateral (
    select coalesce(array_agg(k.name || '.' || r.name order by r.id), '{}') as names,
           min(r.id) filter (where r.operator = %(sink)s) as sink_job_id
      from core.subscription u join core.job r on r.id = u.job_id and r.removed_at is null
      join core.dag k on k.id = r.dag_id
     where u.dataset_id = d.id) c
  left join lateral (
    select at from core.event
     where (dataset_id, id) < (d.id + 1, 0) and dataset_id > d.id - 1
     order by dataset_id desc, id desc limit 1) e on true
  left join lateral (
    select min(since) as since, count(*) filter (where key <> '') as keys,
           case when not bool_or(key = '' and (lower_inf(rngs) or upper_inf(rngs))) then
               coalesce(sum((select sum(upper(v) - lower(v)) from unnest(rngs) v))
                        filter (where key = ''), 0) end::bigint as units
      from (select key, rngs, since from core.stale
             where dataset_id = d.id and rngs <> '{}' order by key limit %(most)s) few) st on true
 where d.org_id = %(org_id)s and d.removed_at is null and d.name > %(after)s
   and (%(name)s::text is null or d.name = %(name)s)
   and (%(words)s::text is null or strpos(lower(d.name), lower(%(words)s)) > 0)
   and (%(stale)s::boolean is null or %(stale)s = (
        (select 1 from core.stale t where t.dataset_id = d.id and t.rngs <> '{}'
          order by t.key limit 1) is not null))
 order by d.name limit %(limit)s

-- name: event_bins
-- The newest events of a dataset since a time, up to a limit, by hour or day (`step` of date_bin); by
-- the index that begins with the dataset, in the days since. The first row says where counting ended.
with newest as materialized (
    select at, kind, rng, payload_size from (
        select at, kind, rng, coalesce(pg_column_size(payload), 0) as payload_size, dataset_id, id
          from core.event
         where (dataset_id, id) < (%(dataset_id)s::int + 1, 0) and dataset_id > %(dataset_id)s::int - 1
           and at >= %(since)s::timestamptz
         order by dataset_id desc, id desc limit %(most)s) e
), bins as (
    select date_bin(%(step)s::interval, at, %(since)s::timestamptz) as bin,
           count(*) filter (where kind = 0) as updates,
           count(*) filter (where kind = 1) as invalidations,
           coalesce(sum(upper(rng) - lower(rng)), 0)::bigint as units,
           sum(payload_size)::bigint as payload_bytes
      from newest group by 1
)
select w.counted, w.oldest, b.bin as at, coalesce(n.updates, 0) as updates,
       coalesce(n.invalidations, 0) as invalidations, coalesce(n.units, 0) as units,
       coalesce(n.payload_bytes, 0) as payload_bytes
  from (select count(*) as counted, min(at) as oldest from newest) w
 cross join generate_series(%(since)s::timestamptz, %(until)s::timestamptz - interval '1 microsecond',
                            %(step)s::interval) b(bin)
  left join bins n on n.bin = b.bin
 order by b.bin

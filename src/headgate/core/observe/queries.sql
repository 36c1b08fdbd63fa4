-- name: changes
-- What was committed since the snapshot `since`, and the snapshot to go on from, in one look. A pair
-- of snapshots, because ids and transaction ids are both handed out in another order than they
-- commit. Always a row: without a change its `topic` is null.
with s as materialized (
    select pg_current_snapshot() as now, %(since)s::pg_snapshot as since
)
select s.now::text as snapshot, pg_snapshot_xmax(s.since) > pg_snapshot_xmax(s.now) as from_elsewhere,
       c.topic, c.subject, c.data, c.at
  from s
  left join lateral (
    select * from (
        select xid, id, topic, subject, data, at from core.change
         where xid >= pg_snapshot_xmax(s.since)
           and org_id = %(org_id)s and topic = any(%(topics)s::text[])
        union all
        select xid, id, topic, subject, data, at from core.change
         where xid = any(array(select pg_snapshot_xip(s.since)))
           and org_id = %(org_id)s and topic = any(%(topics)s::text[])
    ) w order by xid, id limit %(limit)s) c on true
 order by c.xid, c.id

-- name: snapshot
-- Where a watcher who has seen nothing starts.
select pg_current_snapshot()::text as snapshot

-- name: lag
-- How long the oldest event waits to be routed, and the leases that nobody takes back: both are
-- near zero while some dispatcher, anywhere, is at work.
with r as materialized (select s1, last_xid, last_id from core.router)
select (select extract(epoch from clock_timestamp() - min(w.at)) from (
            (select e.at from core.event e
              where e.xid = any(array(select pg_snapshot_xip(r.s1) from r))
                and (e.xid, e.id) > ((select last_xid from r), (select last_id from r))
              order by e.xid, e.id limit 1)
            union all
            (select e.at from core.event e
              where e.xid >= (select pg_snapshot_xmax(r.s1) from r)
                and (e.xid, e.id) > ((select last_xid from r), (select last_id from r))
              order by e.xid, e.id limit 1)) w)::float8 as routing_seconds,
       (select count(*) from core.task_lease l left join core.session s on s.id = l.session_id
         where s.id is null
            or s.expires_at < clock_timestamp() - make_interval(secs => %(grace)s)) as orphaned_leases

-- name: workers
-- The workers whose heartbeat is fresh.
select id, worker, capacity, started_at, expires_at from core.session
 where expires_at > clock_timestamp() order by id

-- name: server_version
-- Which Postgres this is.
select current_setting('server_version') as version

-- name: list_dags
-- The deployed DAGs, with the names of their parts.
select g.name, g.version, p.created_at as deployed_at, p.principal as deployed_by,
       array(select name from core.job where dag_id = g.id and removed_at is null order by id) as jobs,
       array(select name from core.dataset
              where dag_id = g.id and removed_at is null order by id) as datasets,
       array(select name from core.source
              where dag_id = g.id and removed_at is null order by id) as sources
  from core.dag g join core.deployment p on p.dag_id = g.id and p.version = g.version
 where g.org_id = %(org_id)s and g.name > %(after)s
 order by g.name limit %(limit)s

-- name: find_dag
-- One deployed DAG as it was written.
select g.name, g.version, p.created_at as deployed_at, p.principal as deployed_by, p.source, p.spec
  from core.dag g join core.deployment p on p.dag_id = g.id and p.version = g.version
 where g.org_id = %(org_id)s and g.name = %(name)s

-- name: paused_jobs
-- The jobs of a DAG that are paused.
select j.name from core.job j join core.dag g on g.id = j.dag_id
 where g.org_id = %(org_id)s and g.name = %(dag)s and j.paused and j.removed_at is null

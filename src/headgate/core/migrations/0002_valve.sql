-- The valve: debounce, lazy backfill, staleness, backpressure, rates, fairness, memo; and what keeps
-- the metadata bounded.

alter table core.org add column weight int not null default 1 check (weight > 0);

alter table core.job
    add column debounce_ms int not null default 0 check (debounce_ms >= 0),
    add column max_wait_ms int not null default 0 check (max_wait_ms >= debounce_ms),
    add column fair_segments smallint check (fair_segments > 0), -- turns by the first N key segments
    add column rate_per_second double precision check (rate_per_second > 0),
    add column rate_burst int not null default 1 check (rate_burst > 0),
    add column waits_for_inputs boolean not null default true, -- on_stale_input: wait
    add column gated boolean not null default false, -- its inputs share an ancestor, and must agree
    add column max_hold_ms bigint check (max_hold_ms >= 0), -- then it runs on inputs that differ
    add column cancel_on_invalidate boolean not null default false,
    add column memo boolean not null default false;

create index job_rated on core.job (id) where rate_per_second is not null and removed_at is null;

-- How much may wait at the end of an edge before whoever feeds it is held. `reopen` is the share of
-- the limit at which the edge opens again.
alter table core.subscription
    add column max_rows int check (max_rows > 0),
    add column max_units bigint check (max_units > 0),
    add column max_bytes bigint check (max_bytes > 0),
    add column max_age_ms bigint check (max_age_ms > 0),
    add column reopen real not null default 0.5 check (reopen > 0 and reopen < 1);

-- What a change of one dataset reaches, from the deployed DAGs: output = input moved by (lo, hi), or
-- the first N segments of its key, or anything at all. `replaces`: only replace jobs are on the way,
-- so an invalidation goes all of it. `gates`: somebody downstream needs the two to agree, so an
-- update marks, too.
create table core.closure (
    src int not null references core.dataset,
    dst int not null references core.dataset,
    lo bigint not null,
    hi bigint not null,
    segments smallint,
    whole boolean not null,
    replaces boolean not null,
    gates boolean not null,
    primary key (src, dst)
);

-- Where a dataset is behind its inputs. Key '' holds ranges ({(,)}: all of it), other rows are text
-- keys. Only the router writes here, under its lock.
create table core.stale (
    dataset_id int not null references core.dataset,
    key text collate "C" not null default '',
    rngs int8multirange not null,
    since timestamptz not null default clock_timestamp(),
    primary key (dataset_id, key)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

alter table core.event
    add column version text, -- of the data it tells of: equal versions are equal data
    add column only_job int; -- an edited replay goes to the job that failed, and to no other
create index event_dataset on core.event (dataset_id, id);
create index event_invalidation on core.event (dataset_id, id) where kind = 1;
create index event_producer on core.event (producer_task) where producer_task is not null;

alter table core.router
    add column leader text,
    add column led_until timestamptz not null default '-infinity';

alter table core.task_pending
    add column bytes bigint not null default 0,
    add column turn bigint not null default 0, -- start tag of fair queueing; 0 without fairness
    add column xid xid8 not null default pg_current_xact_id(); -- that routed the last event into it
drop index core.task_pending_pick;
create index task_pending_pick on core.task_pending (job_id, priority desc, turn, id) where not waiting;

alter table core.task_lease
    add column bytes bigint not null default 0,
    add column deployment_id int,
    add column xid xid8,
    add column seen pg_snapshot, -- at the claim; only of gated jobs
    add column preempted boolean not null default false; -- its input changed: start anew

alter table core.task_history
    add column inval int8multirange not null default '{}',
    add column deployment_id int;

-- Who asks for leases by session asks for the few that are to end; the reaper reads them all.
drop index core.task_lease_session;
create index task_lease_stopped on core.task_lease (session_id) where cancel_requested or preempted;

-- What one event left to be carved into tasks of a PerPartition job.
create table core.backfill (
    id bigint generated always as identity primary key,
    org_id int not null,
    job_id int not null references core.job,
    event_id bigint not null,
    kind smallint not null,
    heavy boolean not null,
    bytes bigint not null,
    priority smallint not null,
    total bigint not null, -- units
    remaining int8multirange not null,
    created_at timestamptz not null default clock_timestamp(),
    cancelled_at timestamptz
);
create index backfill_job on core.backfill (job_id, id);

-- Edges and runtimes under pressure. `subject` is 'edge:<dataset>:<job>' or 'runtime:<name>'.
create table core.valve (
    subject text primary key,
    dataset_id int references core.dataset,
    job_id int references core.job,
    closed boolean not null default false,
    pressure real not null default 0,
    cause text not null default '', -- rows units bytes age
    measured jsonb not null default '{}',
    changed_at timestamptz not null default clock_timestamp()
);

-- Jobs that get nothing for now, and why.
create table core.hold (
    job_id int not null references core.job,
    reason text not null, -- backpressure:<dataset> | backpressure:<runtime>
    since timestamptz not null default clock_timestamp(),
    primary key (job_id, reason)
);

-- Tokens of jobs with a rate.
create table core.bucket (
    job_id int primary key references core.job,
    tokens double precision not null,
    at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- The last turn that each key group of a fair job got.
create table core.fair_turn (
    job_id int not null references core.job,
    key text collate "C" not null,
    turn bigint not null,
    primary key (job_id, key)
) with (fillfactor = 50);

-- What the last success of a task key was made from.
create table core.memo (
    job_id int not null references core.job,
    ckey text collate "C" not null,
    hash text not null,
    task_id bigint not null,
    at timestamptz not null default clock_timestamp(),
    primary key (job_id, ckey)
);

alter table core.dead_letter
    add column event_id bigint, -- the edited event that replaced it
    drop constraint dead_letter_state_check,
    add constraint dead_letter_state_check
        check (state in ('open', 'redriven', 'replayed', 'discarded', 'superseded'));
create index dead_letter_open on core.dead_letter (job_id, ckey) where state = 'open';
create index dead_letter_ranges on core.dead_letter using gist (rngs)
    where state = 'open' and rngs <> '{}';
create index dead_letter_group on core.dead_letter (org_id, fingerprint) where state = 'open';

alter table core.operation add column cancel_requested boolean not null default false;
create index operation_running on core.operation (kind, created_at) where state = 'running';

-- Whether something that a task needs is stale: an input's range, moved back to where it is read from,
-- or its key. Of what cannot be told apart, everything counts.
create function core.reads_stale(p_job int, p_ckey text, p_ranges int8multirange) returns boolean
language sql stable as $$
    select exists (
        select from core.subscription s join core.stale st on st.dataset_id = s.dataset_id
         where s.job_id = p_job and st.rngs <> '{}'
           and case
               when st.key <> '' and left(p_ckey, 1) = 'k' then substr(p_ckey, 2) = case
                   when s.segments is null then st.key
                   else array_to_string((string_to_array(st.key, '/'))[:s.segments], '/') end
               when st.key <> '' or s.whole or p_ranges = '{}' then true
               else exists (select from unnest(p_ranges) u
                             where st.rngs && int8range(lower(u) - s.hi_off, upper(u) - s.lo_off))
               end)
$$;

-- The first p_limit of the events that this snapshot sees and that are not tasks yet: the rest of the
-- router's window, and what was committed after it. Each part is one bounded walk of event_window.
create function core.unrouted(p_limit int) returns setof core.event language sql stable as $$
    with r as materialized (
        select s1, s2, last_xid, last_id, greatest(last_xid, pg_snapshot_xmax(s1)) as from_xid,
               case when last_xid >= pg_snapshot_xmax(s1) then last_id else 0 end as from_id
          from core.router
    )
    select w.* from (
        (select e.* from core.event e
          where (select last_id from r) <> 0 and e.xid = any (array(select pg_snapshot_xip(r.s1) from r))
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
            and (e.xid, e.id) > ((select last_xid from r), (select last_id from r))
          order by e.xid, e.id limit p_limit)
        union all
        (select e.* from core.event e
          where (select last_id from r) <> 0
            and (e.xid, e.id) > ((select from_xid from r), (select from_id from r))
            and e.xid < (select pg_snapshot_xmax(s2) from r)
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
          order by e.xid, e.id limit p_limit)
        union all
        (select e.* from core.event e
          where e.xid = any (array(select pg_snapshot_xip(r.s2) from r))
          order by e.xid, e.id limit p_limit)
        union all
        (select e.* from core.event e
          where e.xid >= (select pg_snapshot_xmax(s2) from r)
          order by e.xid, e.id limit p_limit)
    ) w limit p_limit
$$;

-- Whether what a running task read has changed since its claim, or may have: an input is being made
-- anew, an event of an input became work of this job after the claim, or is not work yet. More
-- unrouted events than one cares to look at mean yes.
create function core.is_outdated(p_job int, p_ckey text, p_ranges int8multirange, p_seen pg_snapshot)
returns boolean language sql stable as $$
    select core.reads_stale(p_job, p_ckey, p_ranges)
        or exists (select from core.task_pending p
                    where p.job_id = p_job and not pg_visible_in_snapshot(p.xid, p_seen)
                      and case when p_ranges = '{}' or p.rngs = '{}' then p.ckey = p_ckey
                               else p.rngs && p_ranges end)
        or exists (select from core.task_lease l
                    where l.job_id = p_job and l.ckey <> p_ckey and l.rngs && p_ranges
                      and not pg_visible_in_snapshot(l.xid, p_seen))
        or exists (
        select from core.unrouted(1000) e join core.subscription s on s.dataset_id = e.dataset_id
         where s.job_id = p_job
           and case
               when e.key is not null and left(p_ckey, 1) = 'k' then substr(p_ckey, 2) = case
                   when s.segments is null then e.key
                   else array_to_string((string_to_array(e.key, '/'))[:s.segments], '/') end
               when e.rng is null or s.whole or p_ranges = '{}' then true
               else p_ranges && int8range(lower(e.rng) + s.lo_off, upper(e.rng) + s.hi_off) end)
        or exists (
        -- Further up: what is made of it is not marked yet.
        select from core.unrouted(1000) e
          join core.closure c on c.src = e.dataset_id and c.gates
          join core.subscription s on s.dataset_id = c.dst
         where s.job_id = p_job
           and case
               when c.whole or s.whole or p_ranges = '{}' and left(p_ckey, 1) <> 'k' then true
               when e.key is not null and left(p_ckey, 1) = 'k' then
                   (string_to_array(e.key, '/'))[:coalesce(least(c.segments, s.segments), 1000)]
                   = (string_to_array(substr(p_ckey, 2), '/'))[:coalesce(least(c.segments, s.segments), 1000)]
               when e.rng is null then true
               else p_ranges && int8range(lower(e.rng) + c.lo + s.lo_off, upper(e.rng) + c.hi + s.hi_off) end)
        or (select count(*) >= 1000 from core.unrouted(1000))
$$;

-- At most p_most ranges: closes the smallest gaps, so the result holds the argument and some more.
create function core.compact(p_ranges int8multirange, p_most int) returns int8multirange
language sql immutable parallel safe as $$
    select case when pg_column_size(p_ranges) <= 17 * p_most then p_ranges else (
        with piece as (
            select lower(r) as low, upper(r) as high, lead(lower(r)) over (order by r) - upper(r) as gap
              from unnest(p_ranges) r
        ), filled as (
            select int8range(high, high + gap) as filler,
                   row_number() over (order by gap, high) as nth, count(*) over () + 1 - p_most as too_many
              from piece where gap is not null
        )
        select p_ranges + coalesce(range_agg(filler) filter (where nth <= too_many), '{}') from filled
    ) end
$$;

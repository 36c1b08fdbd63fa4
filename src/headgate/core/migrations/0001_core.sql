-- Every table that holds an org's rows carries org_id. Hot tables (pending, lease) stay tiny; what
-- grows (event, task_history, task_log) is append-only and partitioned by day, so that retention
-- is a DROP and never a DELETE.

create table core.org (
    id int primary key,
    slug text not null unique,
    name text not null,
    created_at timestamptz not null default now()
);
insert into core.org (id, slug, name) values (1, 'default', 'Default');

-- What should run -----------------------------------------------------------------------------

create table core.dag (
    id int generated always as identity primary key,
    org_id int not null references core.org,
    name text not null,
    version int not null default 0,
    created_at timestamptz not null default now(),
    unique (org_id, name)
);

create table core.deployment (
    id int generated always as identity primary key,
    org_id int not null references core.org,
    dag_id int not null references core.dag,
    version int not null,
    source text not null,
    spec jsonb not null,
    spec_hash text not null,
    principal text not null,
    created_at timestamptz not null default now(),
    unique (dag_id, version)
);

create table core.job (
    id int generated always as identity primary key,
    org_id int not null references core.org,
    dag_id int not null references core.dag,
    deployment_id int not null references core.deployment,
    name text not null,
    description text not null default '',
    operator text not null,
    strategy smallint not null check (strategy between 0 and 2), -- 0 PerUpdate 1 PerPartition 2 Bulk
    update_strategy text not null check (update_strategy in ('replace', 'append')),
    unique_key text[] not null default '{}',
    part_size bigint not null default 10000 check (part_size > 0),
    scaling_mode text not null default 'steady' check (scaling_mode in ('steady', 'backfill')),
    max_concurrency int check (max_concurrency > 0),
    priority smallint not null default 0, -- a higher number runs first
    max_attempts smallint not null default 3 check (max_attempts > 0),
    backoff_ms int not null default 1000 check (backoff_ms >= 0),
    max_backoff_ms int not null default 300000 check (max_backoff_ms >= 0),
    timeout_ms bigint not null default 300000 check (timeout_ms > 0),
    runtime text not null default 'in_process',
    limits jsonb not null default '{}',
    params jsonb not null default '{}',
    failures_dataset_id int,
    paused boolean not null default false,
    removed_at timestamptz,
    unique (dag_id, name)
);

create table core.source (
    id int generated always as identity primary key,
    org_id int not null references core.org,
    dag_id int not null references core.dag,
    deployment_id int not null references core.deployment,
    name text not null,
    kind text not null check (kind in ('object_created', 'schedule', 'http')),
    dataset_id int not null,
    spec jsonb not null,
    enabled boolean not null default true,
    next_at timestamptz, -- schedules only: the first fire time that has not been emitted
    removed_at timestamptz,
    unique (dag_id, name)
);

create table core.dataset (
    id int generated always as identity primary key,
    org_id int not null references core.org,
    dag_id int not null references core.dag,
    name text not null,
    description text not null default '',
    partitioning text not null check (partitioning in ('key', 'range')),
    unit text,
    storage text not null default 'postgres' check (storage in ('postgres', 's3')),
    write_mode text not null default 'direct' check (write_mode in ('direct', 'buffered')),
    location text,
    schema jsonb not null default '{}',
    pii_columns text[] not null default '{}',
    -- One producer at most: two columns and a check make a second one unrepresentable.
    producer_job_id int references core.job,
    producer_source_id int references core.source,
    removed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (org_id, name),
    check (producer_job_id is null or producer_source_id is null)
);
alter table core.job add foreign key (failures_dataset_id) references core.dataset;
alter table core.source add foreign key (dataset_id) references core.dataset;

create table core.subscription (
    dataset_id int not null references core.dataset,
    job_id int not null references core.job,
    org_id int not null references core.org,
    lo_off bigint not null default 0,
    hi_off bigint not null default 0,
    segments smallint check (segments > 0), -- text keys: the first N '/'-segments make the partition
    whole boolean not null default false,
    primary key (dataset_id, job_id)
);
create index subscription_job on core.subscription (job_id);

-- What happened -------------------------------------------------------------------------------

create sequence core.event_id;
create table core.event (
    id bigint not null default nextval('core.event_id'),
    -- The writer's transaction: the router's cursor is a pair of snapshots over this column,
    -- because ids are handed out in another order than transactions commit.
    xid xid8 not null default pg_current_xact_id(),
    org_id int not null,
    dataset_id int not null,
    kind smallint not null default 0, -- 0 update 1 invalidate
    rng int8range,
    key text collate "C",
    payload jsonb,
    producer_task bigint,
    trace text, -- W3C traceparent of whoever emitted it
    at timestamptz not null default clock_timestamp(),
    check (rng is null or (not isempty(rng) and not lower_inf(rng) and not upper_inf(rng))),
    check (rng is null or key is null)
) partition by range (at);
create index event_window on core.event (xid, id);
create index event_by_id on core.event (id);
create table core.event_default partition of core.event default;

-- Emits with a key happen once: the key's row and the event commit together.
create table core.event_key (
    org_id int not null,
    scope text not null,
    key text collate "C" not null,
    event_id bigint not null,
    at timestamptz not null default clock_timestamp(),
    primary key (org_id, scope, key)
);
create index event_key_age on core.event_key using brin (at);

-- The put of an object that was last announced, so that neither a restart nor a folder scan beside
-- the API announces it twice.
create table core.object_seen (
    org_id int not null,
    key text collate "C" not null,
    version text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (org_id, key)
);

create table core.router (
    one boolean primary key default true check (one),
    epoch bigint not null default 0,
    s1 pg_snapshot not null,
    s2 pg_snapshot not null,
    last_xid xid8 not null,
    last_id bigint not null
);
insert into core.router (s1, s2, last_xid, last_id)
values (pg_current_snapshot(), pg_current_snapshot(), '0', 0);

-- What is to be done --------------------------------------------------------------------------

create sequence core.task_id;
create sequence core.task_token;
create sequence core.session_id;

create table core.task_pending (
    id bigint not null default nextval('core.task_id'),
    org_id int not null,
    job_id int not null,
    ckey text collate "C" not null, -- u<event> | p<partition> | k<text key> | b
    rngs int8multirange not null default '{}',
    inval int8multirange not null default '{}',
    evs int8multirange not null, -- exactly the events this task covers
    n bigint not null default 1,
    heavy boolean not null default false, -- some covered event has a key, a payload or a trace
    attempt smallint not null default 0,
    losses smallint not null default 0,
    priority smallint not null default 0,
    waiting boolean not null default false, -- until run_at; keeps delayed rows out of the pick index
    run_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    primary key (job_id, ckey)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
        autovacuum_vacuum_cost_delay = 0);
create index task_pending_pick on core.task_pending (job_id, priority desc, id) where not waiting;
create index task_pending_due on core.task_pending (run_at) where waiting;
create index task_pending_id on core.task_pending (id);

create table core.session (
    id bigint primary key default nextval('core.session_id'),
    worker text not null,
    started_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    capacity int not null
) with (fillfactor = 50);

create table core.task_lease (
    task_id bigint primary key,
    token bigint not null default nextval('core.task_token'),
    org_id int not null,
    job_id int not null,
    ckey text collate "C" not null,
    session_id bigint not null,
    attempt smallint not null,
    losses smallint not null,
    rngs int8multirange not null,
    inval int8multirange not null,
    evs int8multirange not null,
    n bigint not null,
    heavy boolean not null,
    priority smallint not null,
    created_at timestamptz not null,
    leased_at timestamptz not null default clock_timestamp(),
    deadline_at timestamptz not null,
    cancel_requested boolean not null default false,
    progress jsonb,
    unique (job_id, ckey)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
        autovacuum_vacuum_cost_delay = 0);
create index task_lease_session on core.task_lease (session_id);

-- What was done -------------------------------------------------------------------------------

create table core.task_history (
    task_id bigint not null,
    token bigint,
    org_id int not null,
    job_id int not null,
    ckey text collate "C" not null,
    outcome smallint not null, -- 0 ok 1 retry 2 lost 3 dead 4 cancelled 5 snoozed
    attempt smallint not null,
    rngs int8multirange not null,
    evs int8multirange not null,
    n bigint not null,
    folded_into bigint, -- the pending task that carries on after a retry, a loss or a snooze
    error jsonb,
    session_id bigint,
    created_at timestamptz not null,
    leased_at timestamptz,
    done_at timestamptz not null default clock_timestamp()
) partition by range (done_at);
create index task_history_task on core.task_history (task_id);
create index task_history_job on core.task_history (job_id, task_id);
-- For lists of what is rare: cancelled, merged, retried.
create index task_history_rare on core.task_history (task_id) where outcome not in (0, 3);
create table core.task_history_default partition of core.task_history default;

create table core.task_log (
    org_id int not null,
    task_id bigint not null,
    attempt smallint not null,
    at timestamptz not null default clock_timestamp(),
    level text not null,
    message text not null,
    fields jsonb not null default '{}'
) partition by range (at);
create index task_log_task on core.task_log (task_id, at);
create table core.task_log_default partition of core.task_log default;

create table core.dead_letter (
    id bigint generated always as identity primary key,
    org_id int not null references core.org,
    task_id bigint not null,
    job_id int not null references core.job,
    ckey text collate "C" not null,
    rngs int8multirange not null,
    inval int8multirange not null,
    evs int8multirange not null,
    n bigint not null,
    heavy boolean not null,
    priority smallint not null,
    attempts smallint not null,
    error jsonb not null,
    fingerprint text not null, -- same job, same error code, same message but for its numbers
    state text not null default 'open' check (state in ('open', 'redriven', 'discarded', 'superseded')),
    created_at timestamptz not null,
    died_at timestamptz not null default clock_timestamp(),
    resolved_at timestamptz
);
create index dead_letter_list on core.dead_letter (org_id, state, id);
create index dead_letter_task on core.dead_letter (task_id);

-- What people asked for -----------------------------------------------------------------------

create table core.operation (
    id uuid primary key,
    org_id int not null references core.org,
    kind text not null,
    actor text not null,
    subject text not null default '',
    state text not null default 'running'
        check (state in ('running', 'succeeded', 'failed', 'cancelled')),
    done int not null default 0,
    total int not null default 0,
    message text not null default '',
    result jsonb,
    problems jsonb not null default '[]',
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp()
);
create index operation_list on core.operation (org_id, created_at desc, id);

-- The stored reply of a POST with an Idempotency-Key.
create table core.idempotent_reply (
    org_id int not null,
    key text not null,
    request_hash text not null,
    status int, -- null while the first request still runs
    headers jsonb,
    body text,
    at timestamptz not null default clock_timestamp(),
    primary key (org_id, key)
);

-- What watchers are told. A stream resumes at (xid, id), so a late commit is not skipped.
create table core.change (
    id bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    org_id int not null,
    topic text not null, -- operation | task | dead_letter | dag
    subject text not null,
    data jsonb not null,
    at timestamptz not null default clock_timestamp(),
    primary key (xid, id)
);
create index change_age on core.change using brin (at);

-- Creates the day partitions from p_from to p_to of each partitioned table; existing ones stay. Rows
-- that came before their day had a partition wait in the default one, and move.
create function core.ensure_partitions(p_from date, p_to date) returns int language plpgsql as $$
declare parent text; at_column text; day date; name text; low text; high text; made int := 0;
begin
    foreach parent in array array['event', 'task_history', 'task_log'] loop
        at_column := case parent when 'task_history' then 'done_at' else 'at' end;
        for day in select d::date from generate_series(p_from, p_to, interval '1 day') d loop
            name := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
            low := day::text || ' 00:00:00+00';
            high := (day + 1)::text || ' 00:00:00+00';
            continue when to_regclass('core.' || name) is not null;
            execute format('create table core.%I (like core.%I including defaults including constraints)',
                name, parent);
            -- Nobody writes into the default partition between the move and the attachment.
            execute format('lock table core.%I in access exclusive mode', parent || '_default');
            execute format('with moved as (delete from core.%1$I where %2$I >= %3$L and %2$I < %4$L'
                ' returning *) insert into core.%5$I select * from moved',
                parent || '_default', at_column, low, high, name);
            execute format('alter table core.%I attach partition core.%I for values from (%L) to (%L)',
                parent, name, low, high);
            made := made + 1;
        end loop;
    end loop;
    return made;
end $$;

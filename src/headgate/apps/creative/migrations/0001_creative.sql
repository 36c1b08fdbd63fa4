create table creative.campaign (
    run_id uuid primary key,
    org_id int not null references core.org,
    campaign_id text not null, -- the brief's own id; '' when the brief could not be read
    event_id bigint not null, -- the brief's event: what makes a retry find its own row
    brief_key text not null,
    brief_version text not null,
    message text not null default '',
    style jsonb not null default '{}',
    output text, -- output/<campaign>-<time>: null when the brief was rejected
    state text not null check (state in ('processing', 'complete', 'partial', 'failed', 'rejected')),
    problems jsonb not null default '[]',
    error text not null default '',
    revision int not null default 0, -- of the manifest that was written last
    created_at timestamptz not null,
    ended_at timestamptz,
    unique (org_id, output)
);
create index campaign_list on creative.campaign (org_id, created_at desc, run_id);

create table creative.product (
    run_id uuid not null references creative.campaign on delete cascade,
    org_id int not null,
    idx int not null,
    name text not null,
    description text not null,
    asset_key text, -- the brand's own picture to reuse; null: to be generated
    image_key text,
    image_source text check (image_source in ('existing', 'generated', 'draft')),
    image_reused boolean not null default false, -- an earlier run made it from the same inputs
    image_facts jsonb not null default '{}',
    state text not null default 'waiting' check (state in ('waiting', 'imaged', 'done', 'failed')),
    variants jsonb not null default '[]',
    warnings jsonb not null default '[]',
    failure jsonb,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (run_id, idx)
);

-- Pictures by the hash of everything that went into them: same inputs, same picture, made once.
create table creative.picture (
    org_id int not null references core.org,
    hash text not null,
    object_key text not null,
    facts jsonb not null,
    made_at timestamptz not null default clock_timestamp(),
    primary key (org_id, hash)
);

-- Money, append-only but for the outcome of an attempt. An intent is written before the provider is
-- asked: whatever happens then, the ledger knows that something may have been spent.
create table creative.charge (
    id bigint generated always as identity primary key,
    org_id int not null references core.org,
    run_id uuid not null,
    idx int not null,
    task_id bigint not null,
    attempt int not null,
    input_hash text not null,
    model text not null,
    micros bigint not null check (micros >= 0),
    currency text not null,
    unit text not null,
    price_as_of date not null,
    price_source text not null,
    state text not null check (state in ('intent', 'charged', 'uncertain', 'void')),
    request_id text,
    note text not null default '',
    at timestamptz not null default clock_timestamp(),
    settled_at timestamptz,
    unique (task_id, attempt)
);
create index charge_run on creative.charge (run_id, idx);
-- A picture is paid for once, whoever asks for it again.
create unique index charge_once on creative.charge (org_id, input_hash) where state = 'charged';

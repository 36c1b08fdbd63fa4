import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Health, Status } from "@/api/schema";
import { count, duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Badge, type Tone } from "@/ui/Badge";
import { Command } from "@/ui/Commands";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import "./health.css";

interface Part {
  key: string;
  name: string;
  tone: Tone;
  state: string;
  about: ReactNode;
}

/** The parts of the server, each with its state in words and what is to be known of it. */
export function Components({ health, status }: { health: Health; status: Status | undefined }) {
  const columns: Column<Part>[] = [
    { key: "part", head: t("Part"), cell: ({ name }) => name },
    { key: "state", head: t("State"), cell: ({ tone, state }) => <Badge tone={tone}>{state}</Badge> },
    { key: "about", head: t("What is known"), cell: ({ about }) => about },
  ];
  return (
    <Card flush>
      <Table
        label={t("Parts of the server")}
        columns={columns}
        rows={partsOf(health, status)}
        rowKey={({ key }) => key}
      />
    </Card>
  );
}

function partsOf(health: Health, status: Status | undefined): Part[] {
  const away = health.database === "away";
  return [
    { key: "server", name: t("Server"), tone: "good", state: t("answers"), about: <ServerAbout of={status} /> },
    {
      key: "database",
      name: t("Database"),
      tone: away ? "bad" : "good",
      state: away ? t("away") : t("answers"),
      about: <DatabaseAbout health={health} status={status} />,
    },
    ...(away ? [] : [dispatching(health, status)]),
    ...(status ? [files(status), crew(status)] : []),
    upkeep(health.warnings ?? []),
  ];
}

function ServerAbout({ of }: { of: Status | undefined }) {
  if (!of) return <span className="muted">–</span>;
  const up = (new Date(of.now).getTime() - new Date(of.started_at).getTime()) / 1000;
  return <>{t("Up for {time}.", { time: duration(up) })}</>;
}

function DatabaseAbout({ health, status }: { health: Health; status: Status | undefined }) {
  if (health.database === "away") return <Sentences of={health.problems} />;
  if (!status) return <span className="muted">–</span>;
  const { kind, version } = status.database;
  return (
    <>
      {kind === "embedded"
        ? t("PostgreSQL {version}, which Headgate brought along.", { version })
        : t("PostgreSQL {version}, of your own.", { version })}
    </>
  );
}

function dispatching(health: Health, status: Status | undefined): Part {
  const lag = status?.routing_lag_seconds ?? 0;
  const behind = lag < 1 ? t("No event waits to become tasks.") : t("An event waits for {time}.", { time: duration(lag) });
  const wrong = health.problems.length > 0;
  return {
    key: "dispatcher",
    name: t("Dispatcher"),
    tone: wrong ? "bad" : "good",
    state: wrong ? t("behind") : t("keeps up"),
    about: wrong ? <Sentences of={health.problems} /> : behind,
  };
}

function files({ object_store: { kind, location } }: Status): Part {
  return {
    key: "files",
    name: t("Files"),
    tone: "idle",
    state: kind === "local" ? t("a folder") : t("a bucket"),
    about: (
      <>
        <code>{location}</code> <span className="muted">{t("The doctor tries whether it can be written.")}</span>
      </>
    ),
  };
}

function crew({ workers, now }: Status): Part {
  const alive = workers.filter(({ expires_at }) => new Date(expires_at) > new Date(now));
  const slots = alive.reduce((sum, { capacity }) => sum + capacity, 0);
  return {
    key: "workers",
    name: t("Workers"),
    tone: alive.length ? "good" : "warn",
    state: alive.length
      ? n(alive.length, "{count} is alive", "{count} are alive")
      : t("none is alive"),
    about: (
      <span className="row">
        <span>
          {alive.length
            ? t("Together they run {slots} tasks at once.", { slots: count(slots) })
            : t("Tasks wait until one is there.")}
        </span>
        {alive.length ? <Link href="/queues?tab=workers">{t("See them")}</Link> : <Command line="headgate worker" />}
      </span>
    ),
  };
}

function upkeep(warnings: string[]): Part {
  return {
    key: "upkeep",
    name: t("Upkeep"),
    tone: warnings.length ? "warn" : "good",
    state: warnings.length ? n(warnings.length, "{count} warning", "{count} warnings") : t("nothing to do"),
    about: warnings.length ? (
      <Sentences of={warnings} />
    ) : (
      t("Old days are dropped in time, and nothing holds vacuum back.")
    ),
  };
}

function Sentences({ of }: { of: string[] }) {
  return (
    <ul className="health-sentences" translate="no">
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

import type { ReactNode } from "react";
import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { DatasetDetail, DatasetWhy, Freshness as Node, StaleCause, StaleParts } from "@/api/schema";
import { range } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Commands } from "@/ui/Commands";
import { DatasetLink, EventKind } from "@/ui/EventTable";
import { Card } from "@/ui/Page";
import { Reasons, Sentence } from "@/ui/Reasons";
import { Time } from "@/ui/Time";
import { plainRanges, Where } from "@/ui/Where";

const AT_ONCE = 4; // causes that are shown without asking

/** How fresh a dataset is, what of it is not, what made it so, and what mends it, up to the causes. */
export function Freshness({ dataset }: { dataset: DatasetDetail }) {
  const { name, stale, stale_since: since } = dataset;
  const why = useQuery("why_dataset", { name }, { topics: ["dead_letter", "dag"], every: 3000 });
  return (
    <Card
      title={t("Freshness")}
      actions={
        <>
          {since && (
            <span className="muted small">
              {t("stale since")} <Time at={since} />
            </span>
          )}
          <Commands cli={`headgate why dataset ${name}`} api={`GET /api/v1/datasets/${name}/why`} />
        </>
      }
    >
      <div className="stack">
        <Answer of={why}>{(found) => <Why why={found} parts={since ? <Parts of={stale} /> : null} />}</Answer>
      </div>
    </Card>
  );
}

function Parts({ of: { ranges, keys, whole, more } }: { of: StaleParts }) {
  if (whole) return <p>{t("All of it is stale.")}</p>;
  return (
    <div className="stack tight">
      <h3>{t("What is stale")}</h3>
      <p className="row" translate="no">
        {ranges.map(([low = 0, high = 0]) => (
          <code key={low}>{range(low, high)}</code>
        ))}
        {keys.map((key) => (
          <code key={key}>{key}</code>
        ))}
      </p>
      {more && <p className="muted small">{t("There is more than is shown.")}</p>}
    </div>
  );
}

interface WhyProps {
  why: DatasetWhy;
  /** What of it is stale. */
  parts: ReactNode;
}

function Why({ why: { summary, caused_by: causes, chain, complete }, parts }: WhyProps) {
  const told = chain.filter((node, index) => index > 0 || node.under_way.length + node.blocked_by.length > 0);
  return (
    <>
      <Sentence text={summary} />
      {parts}
      {causes.length > 0 && <Causes of={causes} />}
      {told.length > 0 && (
        <div className="stack tight">
          <h3>{t("What mends it, and what is in the way")}</h3>
          <ol className="datasets-chain">
            {told.map((node) => (
              <Step key={node.dataset} node={node} />
            ))}
          </ol>
          {!complete && <p className="muted small">{t("The way up goes on further than is shown.")}</p>}
        </div>
      )}
    </>
  );
}

function Causes({ of }: { of: StaleCause[] }) {
  return (
    <div className="stack tight">
      <h3>{t("What made it stale")}</h3>
      <CauseList of={of.slice(0, AT_ONCE)} />
      {of.length > AT_ONCE && (
        <details>
          <summary className="muted">
            {n(of.length - AT_ONCE, "{count} event before", "{count} events before")}
          </summary>
          <CauseList of={of.slice(AT_ONCE)} />
        </details>
      )}
    </div>
  );
}

function CauseList({ of }: { of: StaleCause[] }) {
  return (
    <ul className="stack tight">
      {of.map((cause) => (
        <li key={cause.id} className="row">
          <Link href={`/events/${cause.id}?tab=cascade`}>{t("Event {id}", { id: cause.id })}</Link>
          <EventKind of={cause.kind} />
          <DatasetLink name={cause.dataset} />
          <Where of={cause} />
          <span className="muted">
            <Time at={cause.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** One dataset of the way up to the causes; the farther up, the farther in. */
function Step({ node }: { node: Node }) {
  return (
    <li style={{ marginInlineStart: `${Math.min(node.depth, 6) * 1.25}rem` }}>
      <p className="row">
        <DatasetLink name={node.dataset} />
        <State of={node.fresh ? "fresh" : "stale"} />
        {node.depth > 0 && (
          <span className="muted small" translate="no">
            {plainRanges(node.where)}
          </span>
        )}
        {node.producer && (
          <span className="muted small">
            {t("made by")} <span translate="no">{node.producer}</span>
          </span>
        )}
      </p>
      <Reasons of={[...node.blocked_by, ...node.under_way]} />
    </li>
  );
}

import { Link } from "wouter";
import { Info } from "lucide-react";
import type { Attention as Found, AttentionItem } from "@/api/schema";
import { t } from "@/i18n/text";
import { Badge } from "@/ui/Badge";
import { Command } from "@/ui/Commands";
import { Card } from "@/ui/Page";
import { Sentence } from "@/ui/Reasons";
import { Time } from "@/ui/Time";
import { pathTo } from "@/ui/url";

/** What needs somebody, most urgent first: what is wrong, where it is mended, by which command. */
export function Attention({ of: { items, complete } }: { of: Found }) {
  if (items.length === 0) {
    return (
      <Card title={t("Needs attention")}>
        <Badge tone="good">{t("Nothing needs attention.")}</Badge>
      </Card>
    );
  }
  return (
    <Card title={t("Needs attention")} flush>
      <ul className="attention">
        {items.map((item) => (
          <Entry key={`${item.code} ${item.target.id} ${item.title}`} item={item} />
        ))}
      </ul>
      {!complete && <p className="muted small attention-more">{t("There is more of the same kinds.")}</p>}
    </Card>
  );
}

function Entry({ item: { severity, title, sentence, since, target, command } }: { item: AttentionItem }) {
  return (
    <li>
      <span className="attention-severity">
        <Severity of={severity} />
      </span>
      <div className="attention-what">
        <p className="row">
          <Link href={placeOf(target)} translate="no">
            <strong>{title}</strong>
          </Link>
          {since && (
            <span className="muted small">
              <Time at={since} />
            </span>
          )}
        </p>
        <Sentence text={sentence} />
        <Command line={command} />
      </div>
    </li>
  );
}

function Severity({ of }: { of: AttentionItem["severity"] }) {
  switch (of) {
    case "critical":
      return <Badge tone="bad">{t("urgent")}</Badge>;
    case "warning":
      return <Badge tone="warn">{t("warning")}</Badge>;
    case "notice":
      return (
        <Badge tone="idle" icon={Info}>
          {t("notice")}
        </Badge>
      );
  }
}

/** The page where what an entry is about is mended. */
function placeOf({ kind, id }: AttentionItem["target"]): string {
  switch (kind) {
    case "job":
      return `/queues/${id}`;
    case "dataset":
      return `/datasets/${id}`;
    case "dead_letters":
      return pathTo("/dead-letters", { group: id });
    case "workers":
      return "/queues?tab=workers";
    case "system":
      return "/health";
  }
}

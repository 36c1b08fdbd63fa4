import { ArrowLeft } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { Empty } from "@/ui/Answer";
import { n, t } from "@/i18n/text";
import type { Group, Operation } from "./description";
import { EVERYWHERE } from "./Introduction";
import { Marked } from "./Marked";

const BASE = "/api/v1";

/** The operations by what they are about, each a link to its description beside. */
export function OperationList({ groups, current }: { groups: Group[]; current: string }) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const entry = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (!list.current || !entry) return;
    const above = entry.offsetTop - list.current.scrollTop;
    if (above < 0 || above > list.current.clientHeight - entry.offsetHeight) {
      list.current.scrollTop = entry.offsetTop - list.current.clientHeight / 3;
    }
  }, [current]);
  const shown = groups.reduce((sum, group) => sum + group.operations.length, 0);
  return (
    <nav ref={list} className="api-list" aria-label={t("Operations")}>
      <p className="unseen" role="status">
        {n(shown, "{count} operation", "{count} operations")}
      </p>
      {groups.length === 0 && <Empty title={t("No operation is described in these words.")} />}
      <a href={`#${EVERYWHERE}`} aria-current={current === EVERYWHERE ? "true" : undefined}>
        {t("What holds for every operation")}
      </a>
      {groups.map(({ tag, about, operations }) => (
        <section key={tag} aria-labelledby={`tag-${tag}`}>
          <h2 id={`tag-${tag}`} translate="no" title={about}>
            {tag} <span className="muted">{operations.length}</span>
          </h2>
          <ul>
            {operations.map((operation) => (
              <li key={operation.id}>
                <Entry operation={operation} current={operation.id === current} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** Leads from one operation to all of them where only one of both has room. */
export function BackToList() {
  return (
    <Link href={`/api${location.search}`} className="api-back">
      <ArrowLeft size={15} aria-hidden />
      {t("All operations")}
    </Link>
  );
}

function Entry({ operation, current }: { operation: Operation; current: boolean }) {
  return (
    <a href={`#${operation.id}`} aria-current={current ? "true" : undefined} translate="no">
      <Call operation={operation} />
      <span className="api-about">
        <Marked text={operation.about.split("\n", 1)[0] ?? ""} />
      </span>
    </a>
  );
}

/** The method and the path of an operation; what all paths begin with is set back. */
export function Call({ operation: { method, path } }: { operation: Operation }) {
  const below = path.startsWith(`${BASE}/`);
  return (
    <code className="api-call">
      <span className={`api-method ${method.toLowerCase()}`}>{method}</span>{" "}
      <span className="api-path">
        {below && <span className="muted">{BASE}</span>}
        {below ? path.slice(BASE.length) : path}
      </span>
    </code>
  );
}

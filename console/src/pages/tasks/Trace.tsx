import { useQuery } from "@/api/query";
import type { SpanView } from "@/api/schema";
import { duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Page";
import { Track } from "./Track";

/** The spans of the trace that a task belongs to, as far as the server remembers them. */
export function Trace({ traceId }: { traceId: string }) {
  const trace = useQuery("get_trace", { trace_id: traceId }, { every: 5000 });
  if (trace.failure?.status === 404) {
    return (
      <Card>
        <Empty title={t("The spans of this trace are not kept any more.")}>
          {t("The server remembers the newest ones only. HEADGATE_OTLP_ENDPOINT sends them where all are kept.")}
        </Empty>
      </Card>
    );
  }
  return <Answer of={trace}>{(spans) => <Spans traceId={traceId} spans={spans} />}</Answer>;
}

function Spans({ traceId, spans }: { traceId: string; spans: SpanView[] }) {
  const times = spans.map((span) => ({ from: startOf(span), to: startOf(span) + span.seconds * 1000 }));
  const from = Math.min(...times.map((one) => one.from));
  const to = Math.max(from + 0.001, ...times.map((one) => one.to));
  return (
    <Card
      title={n(spans.length, "{count} span", "{count} spans")}
      actions={
        <span className="muted small">
          {t("{time} in all", { time: duration((to - from) / 1000) })} · <code>{traceId}</code>
        </span>
      }
    >
      <ol className="task-lanes" aria-label={t("Spans")}>
        {inOrder(spans).map(({ span, depth }) => (
          <Track
            key={span.span_id}
            from={from}
            to={to}
            name={
              <span className="task-span" style={{ paddingInlineStart: `${depth * 0.9}rem` }} translate="no">
                {span.name}
              </span>
            }
            bars={[
              {
                from: startOf(span),
                to: startOf(span) + span.seconds * 1000,
                tone: span.failed ? "bad" : "busy",
                waits: false,
              },
            ]}
            words={
              <span className="row">
                <span translate="no">{duration(span.seconds)}</span>
                {span.failed && <Badge tone="bad">{t("failed")}</Badge>}
                <span translate="no" className="muted task-line">
                  {attributesOf(span)}
                </span>
              </span>
            }
          />
        ))}
      </ol>
    </Card>
  );
}

function startOf(span: SpanView): number {
  return new Date(span.started_at).getTime();
}

function attributesOf({ attributes }: SpanView): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
}

/** Each span below its parent, by time; a parent that is not kept leaves its children on top. */
function inOrder(spans: SpanView[]): { span: SpanView; depth: number }[] {
  const known = new Set(spans.map(({ span_id }) => span_id));
  const children = new Map<string, SpanView[]>();
  for (const span of [...spans].sort((a, b) => startOf(a) - startOf(b))) {
    const parent = span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : "";
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const found: { span: SpanView; depth: number }[] = [];
  const walk = (parent: string, depth: number) => {
    for (const span of children.get(parent) ?? []) {
      found.push({ span, depth });
      walk(span.span_id, depth + 1);
    }
  };
  walk("", 0);
  return found;
}

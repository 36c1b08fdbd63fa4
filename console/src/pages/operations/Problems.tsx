import { n } from "@/i18n/text";
import { Card } from "@/ui/Page";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** What went wrong in an operation: where, and why. */
export function Problems({ of }: { of: Record<string, unknown>[] }) {
  return (
    <Card title={n(of.length, "{count} problem", "{count} problems")}>
      <ul className="operation-problems">
        {of.map((problem, index) => {
          const where = text(problem["pointer"]);
          return (
            <li key={index} translate="no">
              {where && <code>{where}</code>}
              <span>{text(problem["message"]) ?? JSON.stringify(problem)}</span>
              {text(problem["hint"]) && <span className="muted">{text(problem["hint"])}</span>}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

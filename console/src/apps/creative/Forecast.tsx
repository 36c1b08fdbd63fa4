import type { Prediction } from "@/api/schema";
import { day } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Page";
import { faultWord } from "./faultWords";
import type { Judgement } from "./useJudgement";
import { formatName, money, sizeText } from "./words";

/** What a draft would make and cost if it was submitted now. */
export function Forecast({ of }: { of: Judgement }) {
  return (
    <Card title={t("What will be made")}>
      <div className="stack" aria-busy={of.pending}>
        {of.failure && <FailureNote failure={of.failure} />}
        {of.prediction && <Made of={of.prediction} />}
        {!of.prediction && !of.failure && (
          <p className="muted">
            {t("As soon as the brief is whole, its images and their cost are listed here.")}
          </p>
        )}
      </div>
    </Card>
  );
}

function Made({ of }: { of: Prediction }) {
  const images = of.lines.length * of.formats.length;
  return (
    <>
      <p>
        {n(images, "{count} image:", "{count} images:")}{" "}
        {n(of.lines.length, "{count} product", "{count} products")} ×{" "}
        {n(of.formats.length, "{count} format", "{count} formats")}
      </p>
      <ul className="cr-formats small muted" translate="no">
        {of.formats.map((format) => (
          <li key={format.preset}>
            <span className="cr-shape" style={{ aspectRatio: `${format.width} / ${format.height}` }} />
            {formatName(format.preset)} {sizeText(format)}
          </li>
        ))}
      </ul>
      <CostLines of={of} />
      {of.missing.map((fault) => (
        <p key={fault.pointer} className="row small">
          <Badge tone="warn">{t("missing")}</Badge>
          <code>{fault.pointer}</code> {faultWord(fault)}
        </p>
      ))}
      {of.warnings.map((warning) => (
        <p key={warning} className="small">
          <Badge tone="warn">{t("note")}</Badge> <span translate="no">{warning}</span>
        </p>
      ))}
    </>
  );
}

function CostLines({ of }: { of: Prediction }) {
  return (
    <table className="cr-lines">
      <caption className="unseen">{t("Cost of each product")}</caption>
      <tbody>
        {of.lines.map((line, at) => (
          <tr key={at}>
            <th scope="row" translate="no">
              {line.product}
            </th>
            <td className="muted">{kindWord(line.kind)}</td>
            <td className="end">{money(line.micros)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t("Total")}</th>
          <td className="muted">
            {of.saved_by_reuse_micros > 0 &&
              t("{saved} saved by reuse", { saved: money(of.saved_by_reuse_micros) })}
          </td>
          <td className="end">{money(of.total_micros)}</td>
        </tr>
        <tr>
          <td colSpan={3} className="small muted">
            <span translate="no">{of.model}</span> · {t("prices of {date}", { date: day(new Date(of.priced_as_of)) })}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function kindWord(kind: Prediction["lines"][number]["kind"]): string {
  switch (kind) {
    case "generate":
      return t("a picture is made");
    case "reuse":
      return t("its own picture");
    case "cached":
      return t("was made before");
  }
}

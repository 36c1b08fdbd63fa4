import { FilePen } from "lucide-react";
import { Link } from "wouter";
import type { CampaignDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Card } from "@/ui/Page";
import { pathTo } from "@/ui/url";
import { faultWord } from "./faultWords";

/** Why a brief was rejected: every fault with its place, and the way to mend it. */
export function Rejected({ of }: { of: CampaignDetail }) {
  return (
    <Card
      title={t("The brief could not be read")}
      actions={
        <Link className="button main" href={pathTo("/creative/new", { from: of.brief_key })}>
          <FilePen size={15} aria-hidden />
          {t("Mend it in the form")}
        </Link>
      }
    >
      <div className="stack">
        <p translate="no">{of.error}</p>
        {of.problems.length > 0 && (
          <table className="cr-lines">
            <caption className="unseen">{t("Faults of the brief")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("Place")}</th>
                <th scope="col">{t("Fault")}</th>
              </tr>
            </thead>
            <tbody>
              {of.problems.map((fault, at) => (
                <tr key={at}>
                  <td>
                    <code>{fault.pointer || "/"}</code>
                  </td>
                  <td>
                    <FaultText of={fault} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <p className="muted small">
          {t("The brief lies in the store as")} <code>{of.brief_key}</code>
        </p>
      </div>
    </Card>
  );
}

function FaultText({ of }: { of: CampaignDetail["problems"][number] }) {
  const said = faultWord(of);
  return said === of.message ? <span translate="no">{said}</span> : said;
}

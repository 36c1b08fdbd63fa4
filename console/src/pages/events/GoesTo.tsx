import { Link } from "wouter";
import type { DatasetDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { DatasetLink } from "@/ui/EventTable";
import { Facts } from "@/ui/Facts";

/** Which dataset an event will be in, and which jobs read it there. */
export function GoesTo({ dataset: { name, consumers } }: { dataset: DatasetDetail }) {
  return (
    <Facts
      of={[
        [t("It goes into"), <DatasetLink name={name} />],
        [t("It makes work for"), <Jobs of={consumers} />],
      ]}
    />
  );
}

function Jobs({ of }: { of: string[] }) {
  if (of.length === 0) return <span className="muted">{t("no job: nothing will run")}</span>;
  return (
    <span className="row">
      {of.map((job) => (
        <Link key={job} href={`/jobs/${job}`} translate="no">
          {job}
        </Link>
      ))}
    </span>
  );
}

import { useState, type FormEvent } from "react";
import useSWR from "swr";
import { call, type Failure } from "@/api/call";
import type { DatasetDetail, Impact, Part } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { Field } from "@/ui/Field";
import { Card } from "@/ui/Page";
import { useUrlState } from "@/ui/url";
import { parseRange } from "@/ui/Where";
import { ImpactOf } from "./ImpactOf";
import { Invalidate } from "./Invalidate";

/** What an invalidation of a part would touch, first; then the invalidation. */
export function ImpactTab({ dataset }: { dataset: DatasetDetail }) {
  const [at] = useUrlState("at");
  const { name, partitioning } = dataset;
  const part = partOf(at, partitioning);
  return (
    <Card
      title={t("What would an invalidation here touch?")}
      actions={
        <Commands
          cli={`headgate dataset impact ${name}${cliPart(part)}`}
          api={`POST /api/v1/datasets/${name}/impact`}
          body={part ?? {}}
        />
      }
    >
      <div className="stack">
        <p className="muted">
          {t(
            "An invalidation says that what the dataset holds there is no longer right. Whatever was made from it becomes stale and is made anew.",
          )}
        </p>
        <PartForm key={at} dataset={dataset} />
        {part && <Asked dataset={dataset} part={part} />}
      </div>
    </Card>
  );
}

/** The part that a text names: a key as it is, a range as its first and last. */
function partOf(text: string, partitioning: DatasetDetail["partitioning"]): Part | undefined {
  if (!text) return undefined;
  if (partitioning === "key") return { key: text };
  const range = parseRange(text);
  return range && { range };
}

export function cliPart(part: Part | undefined): string {
  if (part?.range) return ` --range ${part.range.join(":")}`;
  return part?.key ? ` --key '${part.key.replaceAll("'", "'\\''")}'` : "";
}

function PartForm({ dataset: { partitioning, unit } }: { dataset: DatasetDetail }) {
  const [at, keep] = useUrlState("at");
  const [typed, setTyped] = useState(at);
  const byRange = partitioning === "range";
  const wrong = byRange && typed.trim() !== "" && !parseRange(typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) keep(typed.trim());
  };
  return (
    <form className="datasets-part" onSubmit={submit}>
      <Field
        label={byRange ? (unit ? t("Range ({unit})", { unit }) : t("Range")) : t("Key")}
        about={
          byRange
            ? t("One number, or the first and the last, as 10-19.")
            : t("The key of the part that is not right.")
        }
        fault={wrong ? t("A range is its first and last, as 10-19.") : undefined}
      >
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <Button type="submit" disabled={wrong || !typed.trim()}>
        {t("Show what it touches")}
      </Button>
    </form>
  );
}

function Asked({ dataset, part }: { dataset: DatasetDetail; part: Part }) {
  const [open, setOpen] = useState(false);
  const { name } = dataset;
  // A question that is asked by POST, because of its body: a query has no room for that.
  const { data, error, isLoading, mutate } = useSWR<Impact, Failure>(
    ["get_dataset_impact", name, part],
    () => call("get_dataset_impact", { name }, { body: part }),
    { shouldRetryOnError: false },
  );
  const impact = { data, failure: error, loading: isLoading, refresh: () => void mutate() };
  return (
    <Answer of={impact}>
      {(found) => (
        <>
          <ImpactOf impact={found} />
          <div>
            <Button look="danger" onClick={() => setOpen(true)}>
              {t("Invalidate…")}
            </Button>
          </div>
          {open && <Invalidate impact={found} part={part} onClose={() => setOpen(false)} />}
        </>
      )}
    </Answer>
  );
}

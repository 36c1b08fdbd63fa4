import type { Operation } from "@/api/schema";
import { t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { HowFar } from "../operations/HowFar";
import { Kind, OperationState } from "../operations/words";

/** The newest operations, running ones with how far they are. */
export function NewestOperations({ operations }: { operations: Operation[] }) {
  return (
    <Table
      label={t("Newest operations")}
      columns={columns()}
      rows={operations}
      rowKey={({ id }) => id}
      href={({ id }) => `/operations/${id}`}
      empty={<Empty title={t("Nobody asked for anything that takes a while.")} />}
    />
  );
}

function columns(): Column<Operation>[] {
  return [
    { key: "what", head: t("What"), cell: ({ kind }) => <Kind of={kind} /> },
    { key: "state", head: t("State"), cell: (operation) => <OperationState of={operation} /> },
    { key: "progress", head: t("Progress"), cell: (operation) => <HowFar of={operation} brief /> },
    { key: "asked", head: t("Asked"), align: "end", cell: ({ created_at: at }) => <Time at={at} /> },
  ];
}

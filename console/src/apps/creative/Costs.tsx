import type { CampaignDetail, ChargeView } from "@/api/schema";
import { t } from "@/i18n/text";
import { Badge, type Tone } from "@/ui/Badge";
import { Empty } from "@/ui/Answer";
import { Figure, Figures } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { money } from "./words";

/** What a run cost: charged, uncertain, saved; and every line of the ledger. */
export function Costs({ of }: { of: CampaignDetail }) {
  return (
    <>
      <Figures>
        <Figure label={t("Charged")} value={money(of.cost_micros)} />
        <Figure
          label={t("Uncertain")}
          value={money(of.uncertain_micros)}
          tone={of.uncertain_micros > 0 ? "warn" : undefined}
          about={t("for answers that never came")}
        />
        <Figure label={t("Saved")} value={money(of.saved_micros)} about={t("by what was made before")} />
        <Figure
          label={t("An image")}
          value={of.images ? money(Math.round(of.cost_micros / of.images)) : "–"}
          about={t("charged, by finished images")}
        />
      </Figures>
      <Card title={t("Ledger")} flush>
        <Table
          label={t("Ledger")}
          columns={columns(of)}
          rows={of.charges}
          rowKey={(line) => `${line.product} ${line.at}`}
          empty={
            <Empty title={t("No provider was asked for anything.")}>
              {t("Drafts and pictures of one's own are free.")}
            </Empty>
          }
        />
      </Card>
    </>
  );
}

function columns(of: CampaignDetail): Column<ChargeView>[] {
  return [
    {
      key: "product",
      head: t("Product"),
      cell: (line) => <span translate="no">{of.items[line.product]?.name}</span>,
    },
    { key: "state", head: t("State"), cell: (line) => <ChargeState of={line.state} /> },
    { key: "model", head: t("Model"), cell: (line) => <code>{line.model}</code> },
    { key: "note", head: t("Note"), minor: true, cell: (line) => <span translate="no">{line.note}</span> },
    { key: "cost", head: t("Cost"), align: "end", cell: (line) => money(line.micros) },
    { key: "at", head: t("When"), align: "end", cell: (line) => <Time at={line.at} /> },
  ];
}

const TONES: Record<ChargeView["state"], Tone> = {
  intent: "busy",
  charged: "good",
  uncertain: "warn",
  void: "idle",
};

function ChargeState({ of }: { of: ChargeView["state"] }) {
  return <Badge tone={TONES[of]}>{chargeWord(of)}</Badge>;
}

function chargeWord(state: ChargeView["state"]): string {
  switch (state) {
    case "intent":
      return t("asked");
    case "charged":
      return t("charged");
    case "uncertain":
      return t("uncertain");
    case "void":
      return t("not charged");
  }
}

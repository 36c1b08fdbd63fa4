import { Plus } from "lucide-react";
import { Link } from "wouter";
import { useList } from "@/api/query";
import type { CampaignSummary } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { Progress } from "@/ui/Facts";
import { ChoiceFilter, Filters, TextFilter } from "@/ui/Filters";
import { Card, Page } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { SampleButton } from "./SampleButton";
import { CAMPAIGN_STATES, CampaignState, campaignStateWord } from "./States";
import { campaignName, money } from "./words";
import "./creative.css";

/** All runs of briefs, newest first, and how far each is. */
export default function Campaigns() {
  const [words] = useUrlState("q");
  const [state] = useUrlState("state");
  const chosen = CAMPAIGN_STATES.find((one) => one === state);
  const campaigns = useList(
    "list_campaigns",
    { q: words, state: chosen ?? null },
    {
      topics: ["operation"],
      when: ({ data }) => data["kind"] === "creative.campaign",
    },
  );
  return (
    <Page
      title={t("Creative")}
      about={t("Campaign briefs and the ad images that were made of them.")}
      actions={
        <>
          <Commands
            cli="headgate creative run brief.json --wait"
            api="GET /api/v1/creative/campaigns"
          />
          <SampleButton />
          <Link href="/creative/new" className="button main">
            <Plus size={15} aria-hidden />
            {t("New campaign")}
          </Link>
        </>
      }
    >
      <Filters>
        <TextFilter name="q" label={t("Campaign or message")} />
        <ChoiceFilter
          name="state"
          label={t("State")}
          options={CAMPAIGN_STATES.map((value) => ({ value, label: campaignStateWord(value) }))}
        />
      </Filters>
      <Card flush>
        <Answer of={{ ...campaigns, data: campaigns.first }}>
          {() => (
            <Table
              label={t("Campaigns")}
              columns={columns()}
              rows={campaigns.items}
              rowKey={(row) => row.run_id}
              href={(row) => `/creative/${row.run_id}`}
              more={campaigns.more}
              loadingMore={campaigns.loadingMore}
              empty={words || state ? <NoneMatch /> : <NoneYet />}
            />
          )}
        </Answer>
      </Card>
    </Page>
  );
}

function NoneMatch() {
  return (
    <Empty title={t("No campaign matches.")}>
      <Link href="/creative">{t("Show all campaigns")}</Link>
    </Empty>
  );
}

function NoneYet() {
  return (
    <Empty title={t("No brief was run yet.")} command="headgate creative run brief.json --wait">
      {t(
        "Run the sample to see one, make a campaign of your own, or drop a brief into the store's folder input/campaign-briefs.",
      )}
    </Empty>
  );
}

function columns(): Column<CampaignSummary>[] {
  return [
    {
      key: "campaign",
      head: t("Campaign"),
      cell: (row) => <span translate="no">{campaignName(row)}</span>,
    },
    { key: "state", head: t("State"), cell: (row) => <CampaignState of={row.state} /> },
    {
      key: "message",
      head: t("Message"),
      minor: true,
      cell: (row) => (
        <span className="cr-clamp" translate="no" dir="auto">
          {row.message || row.error}
        </span>
      ),
    },
    { key: "products", head: t("Products"), minor: true, cell: Products },
    { key: "images", head: t("Images"), cell: Done },
    { key: "cost", head: t("Cost"), align: "end", cell: (row) => money(row.cost_micros) },
    { key: "when", head: t("When"), align: "end", cell: (row) => <Time at={row.created_at} /> },
  ];
}

function Products(row: CampaignSummary) {
  if (row.products === 0) return <span className="muted">–</span>;
  const rest = row.products - row.names.length;
  return (
    <span className="cr-clamp">
      <span translate="no">{row.names.join(", ")}</span>
      {rest > 0 && ` ${t("and {rest} more", { rest })}`}
    </span>
  );
}

function Done(row: CampaignSummary) {
  if (row.images_total === 0) return <span className="muted">–</span>;
  return (
    <span className="cr-done nowrap">
      {t("{done} of {total}", { done: row.images, total: row.images_total })}
      {row.state === "processing" && (
        <Progress done={row.images} total={row.images_total} label={t("Images that are done")} />
      )}
    </span>
  );
}

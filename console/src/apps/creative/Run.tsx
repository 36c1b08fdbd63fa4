import { Copy, Download } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { addressOf } from "@/api/call";
import { useQuery, type Query } from "@/api/query";
import type { CampaignDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer, Loading } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { Progress } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Time } from "@/ui/Time";
import { pathTo, useUrlState } from "@/ui/url";
import { Checks } from "./Checks";
import { Costs } from "./Costs";
import { Gallery } from "./Gallery";
import { Manifest } from "./Manifest";
import { Rejected } from "./Rejected";
import { CampaignState } from "./States";
import { campaignName } from "./words";
import "./creative.css";

const AGAIN_MS = 2000; // steps that begin have no topic

/** One run of a brief: its pictures as they come, what they cost, what they were checked for. */
export default function Run({ run }: { run: string }) {
  const [moving, setMoving] = useState(true);
  const campaign = useQuery(
    "get_campaign",
    { run_id: run },
    {
      topics: ["operation", "dead_letter"],
      when: ({ topic, subject }) => topic !== "operation" || subject === run,
      ...(moving && { every: AGAIN_MS }),
    },
  );
  const state = campaign.data?.state;
  useEffect(() => setMoving(state === undefined || state === "processing"), [state]);
  if (campaign.data) return <Campaign of={campaign.data} refresh={campaign.refresh} query={campaign} />;
  return (
    <Page title={t("Campaign")} trail={[{ label: t("Creative"), path: "/creative" }]}>
      {campaign.failure?.status === 404 ? (
        <Received run={run} campaign={campaign} />
      ) : (
        <Answer of={campaign}>{() => null}</Answer>
      )}
    </Page>
  );
}

/** A brief that was handed in and not read yet has an operation and no campaign. */
function Received({ run, campaign }: { run: string; campaign: Query<CampaignDetail> }) {
  const operation = useQuery("get_operation", { operation_id: run });
  const { refresh } = campaign;
  useEffect(() => {
    const timer = setInterval(refresh, AGAIN_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  return operation.data?.state === "running" ? (
    <Loading label={t("The brief was received. It is being read…")} />
  ) : (
    <Answer of={campaign}>{() => null}</Answer>
  );
}

interface Props {
  of: CampaignDetail;
  refresh: () => void;
  query: Query<CampaignDetail>;
}

function Campaign({ of, refresh, query }: Props) {
  // Images that are to be replaced are there, but not done.
  const done = of.items.filter(({ state }) => state === "done").flatMap((item) => item.variants).length;
  const share = of.images_total ? Math.floor((100 * done) / of.images_total) : 0;
  return (
    <Page
      title={campaignName(of)}
      named
      trail={[{ label: t("Creative"), path: "/creative" }]}
      beside={<CampaignState of={of.state} />}
      progress={of.state === "processing" ? t("{share} %", { share }) : undefined}
      about={<About of={of} />}
      actions={<Actions of={of} />}
    >
      {of.state === "processing" && (
        <Progress done={done} total={of.images_total} label={t("Images that are done")} />
      )}
      {of.state === "rejected" ? (
        <Rejected of={of} />
      ) : (
        <>
          <Tabs
            label={t("Parts of the campaign")}
            tabs={[
              { key: "images", label: t("Images"), count: of.images },
              { key: "checks", label: t("Checks") },
              { key: "costs", label: t("Costs") },
              { key: "manifest", label: t("Manifest") },
            ]}
          />
          <Answer of={query}>{() => <Part of={of} refresh={refresh} />}</Answer>
        </>
      )}
    </Page>
  );
}

function Part({ of, refresh }: { of: CampaignDetail; refresh: () => void }) {
  const [tab] = useUrlState("tab", "images");
  switch (tab) {
    case "checks":
      return <Checks of={of} />;
    case "costs":
      return <Costs of={of} />;
    case "manifest":
      return <Manifest of={of} />;
    default:
      return <Gallery of={of} refresh={refresh} />;
  }
}

function About({ of }: { of: CampaignDetail }) {
  return (
    <span className="cr-about">
      {of.message && (
        <strong className="cr-message" translate="no" dir="auto">
          {of.message}
        </strong>
      )}
      <span>
        <Time at={of.created_at} />
        {of.ended_at && (
          <>
            {" – "}
            <Time at={of.ended_at} />
          </>
        )}
        {of.images_total > 0 && (
          <> · {t("{done} of {total} images", { done: of.images, total: of.images_total })}</>
        )}
      </span>
    </span>
  );
}

function Actions({ of }: { of: CampaignDetail }) {
  return (
    <>
      <Commands
        cli={of.output ? `headgate object get ${of.output}/manifest.json` : `headgate object get ${of.brief_key}`}
        api={`GET /api/v1/creative/campaigns/${of.run_id}`}
      />
      {of.state !== "rejected" && (
        <Link className="button plain" href={pathTo("/creative/new", { from: of.brief_key })}>
          <Copy size={15} aria-hidden />
          {t("Edit a copy")}
        </Link>
      )}
      {of.images > 0 && (
        <a className="button main" href={addressOf("get_campaign_images", { run_id: of.run_id })} download>
          <Download size={15} aria-hidden />
          {t("Download all")}
        </a>
      )}
    </>
  );
}

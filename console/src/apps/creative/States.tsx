import type { CampaignSummary } from "@/api/schema";
import { t } from "@/i18n/text";
import { Badge, type Tone } from "@/ui/Badge";

type CampaignState = CampaignSummary["state"];

export const CAMPAIGN_STATES = ["processing", "complete", "partial", "failed", "rejected"] as const;

const TONES: Record<CampaignState, Tone> = {
  processing: "busy",
  complete: "good",
  partial: "warn",
  failed: "bad",
  rejected: "bad",
};

export function campaignStateWord(state: CampaignState): string {
  switch (state) {
    case "processing":
      return t("in progress");
    case "complete":
      return t("complete");
    case "partial":
      return t("in part");
    case "failed":
      return t("failed");
    case "rejected":
      return t("rejected");
  }
}

/** How a campaign stands, as an icon and a word. */
export function CampaignState({ of }: { of: CampaignState }) {
  return <Badge tone={TONES[of]}>{campaignStateWord(of)}</Badge>;
}

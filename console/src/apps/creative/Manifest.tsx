import { Download } from "lucide-react";
import { useQuery } from "@/api/query";
import type { CampaignDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { CopyButton } from "@/ui/Commands";
import { Facts, Json } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { objectAddress } from "./words";

/** What a run left behind: the manifest to read, and as the file that it is. */
export function Manifest({ of }: { of: CampaignDetail }) {
  const manifest = useQuery("get_manifest", of.revision > 0 ? { run_id: of.run_id } : undefined, {
    topics: ["operation"],
    when: ({ subject }) => subject === of.run_id,
  });
  if (of.revision === 0) return <Empty title={t("The manifest is not written yet.")} />;
  const key = `${of.output}/manifest.json`;
  return (
    <>
      <Card title={t("Manifest")}>
        <Facts
          of={[
            [t("Revision"), of.revision],
            [t("Written"), <Time at={of.ended_at} as="moment" />],
            [t("Images"), t("{done} of {total}", { done: of.images, total: of.images_total })],
            [t("Audience"), of.audience && <span translate="no">{of.audience}</span>],
            [t("Region"), of.region && <span translate="no">{of.region}</span>],
            [t("Brand"), of.brand.name && <span translate="no">{of.brand.name}</span>],
            [t("Colours"), <Colours of={of.brand} />],
            [t("Brief"), <code>{of.brief_key}</code>],
            [t("Output"), <code>{of.output}</code>],
          ]}
        />
      </Card>
      <Answer of={manifest}>
        {(found) => (
          <Card
            title={t("The file")}
            actions={
              <>
                <CopyButton text={JSON.stringify(found, null, 2)} label={t("Copy the manifest")} />
                <a className="button plain" href={objectAddress(key)} download>
                  <Download size={15} aria-hidden />
                  {t("Download")}
                </a>
              </>
            }
          >
            <Json value={found} />
          </Card>
        )}
      </Answer>
    </>
  );
}

function Colours({ of }: { of: CampaignDetail["brand"] }) {
  const chosen = [of.primary, of.background, of.text].filter((colour) => colour != null);
  return chosen.length ? <code>{chosen.join(" ")}</code> : <>{t("as the layout chose")}</>;
}

import { FileUp, RotateCcw, Send } from "lucide-react";
import { useRef } from "react";
import { useLocation } from "wouter";
import { useAction } from "@/api/action";
import { n, t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { Card, Page } from "@/ui/Page";
import { say } from "@/ui/Toasts";
import { BrandFields } from "./BrandFields";
import { asBrief, keepDraft, NEW, runOf } from "./draft";
import { DraftField, EditingContext } from "./DraftField";
import { Forecast } from "./Forecast";
import { OtherFaults } from "./OtherFaults";
import { ProductFields } from "./ProductFields";
import { useDraft } from "./useDraft";
import "./creative.css";

/** A brief as a form: dropped as a file or typed, judged as it changes, submitted. */
export default function NewCampaign() {
  const form = useDraft();
  const { draft, judgement, editing } = form;
  const submit = useAction("submit_brief");
  const [, navigate] = useLocation();
  const send = async () => {
    form.showAll();
    if (judgement.faults.length > 0) return;
    const started = await submit.run({}, asBrief(draft));
    if (started === undefined) return;
    keepDraft(NEW);
    navigate(`/creative/${runOf(started)}`);
  };
  const refused = submit.failure;
  return (
    <EditingContext value={editing}>
      <Page
        title={t("New campaign")}
        about={t("Each product becomes five images with the message. Drop a brief anywhere here, or fill in the form.")}
        trail={[{ label: t("Creative"), path: "/creative" }]}
        actions={
          <>
            <Commands cli="headgate creative run brief.json" api="POST /api/v1/creative/briefs" body={draft} />
            <Button icon={RotateCcw} disabled={draft === NEW} onClick={() => startOver(form)}>
              {t("Start over")}
            </Button>
            <OpenBrief onFiles={form.takeFiles} />
          </>
        }
      >
        <div
          className="cr-new"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            form.takeFiles([...event.dataTransfer.files]);
          }}
        >
          <form
            className="stack"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void send();
            }}
          >
            {form.unread && (
              <div className="failure" role="alert">
                <p>{t("{name} could not be read as a brief.", { name: form.unread.name })}</p>
                <code>{form.unread.fault}</code>
              </div>
            )}
            <CampaignFields />
            <ProductFields />
            <BrandFields />
            <OtherFaults />
          </form>
          <aside className="stack cr-aside" aria-label={t("Forecast")}>
            <Forecast of={judgement} />
            {refused && <FailureNote failure={refused} />}
            {form.all && judgement.faults.length > 0 && (
              <p className="cr-fault" role="alert">
                {n(
                  judgement.faults.length,
                  "{count} thing is to be mended first.",
                  "{count} things are to be mended first.",
                )}
              </p>
            )}
            <Button look="main" icon={Send} busy={submit.busy} onClick={() => void send()}>
              {t("Make the images")}
            </Button>
          </aside>
        </div>
      </Page>
    </EditingContext>
  );
}

function startOver(form: ReturnType<typeof useDraft>): void {
  const before = form.draft;
  form.replace(NEW);
  say(t("The form was emptied."), { undo: () => form.replace(before) });
}

function OpenBrief({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={FileUp} onClick={() => input.current?.click()}>
        {t("Open a brief")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json,image/*"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function CampaignFields() {
  return (
    <Card title={t("Campaign")}>
      <div className="stack">
        <DraftField
          pointer="/campaign_id"
          label={t("Campaign name")}
          about={t("A short name, such as summer-2026; it names the output.")}
          needed
        />
        <DraftField
          pointer="/campaign_message"
          label={t("Message")}
          about={t("The text on the images, in any script.")}
          lines={2}
          needed
        />
        <div className="cr-two">
          <DraftField pointer="/audience" label={t("Audience")} about={t("For whom the pictures are made.")} />
          <DraftField pointer="/region" label={t("Region")} about={t("Where they will be seen.")} />
        </div>
      </div>
    </Card>
  );
}

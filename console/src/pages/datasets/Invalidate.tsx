import { useLocation } from "wouter";
import { useAction } from "@/api/action";
import type { Impact, Part } from "@/api/schema";
import { t } from "@/i18n/text";
import { Confirm } from "@/ui/Dialog";
import { Sentence } from "@/ui/Reasons";
import { say } from "@/ui/Toasts";
import { plainRanges } from "@/ui/Where";
import { ImpactFigures } from "./ImpactOf";
import { cliPart } from "./ImpactTab";

interface Props {
  impact: Impact;
  part: Part;
  onClose: () => void;
}

/** Asks before a part of a dataset is invalidated, and goes to what follows from it. */
export function Invalidate({ impact, part, onClose }: Props) {
  const [, navigate] = useLocation();
  const invalidate = useAction("invalidate_dataset");
  const name = impact.dataset;
  const submit = async () => {
    const done = await invalidate.run({ name }, part);
    if (!done) return;
    say(t("Event {id} says so.", { id: done.event_id }));
    navigate(`/events/${done.event_id}?tab=cascade`);
  };
  return (
    <Confirm
      title={t("Invalidate {where} of {name}?", { where: plainRanges(impact.where), name })}
      verb={t("Invalidate")}
      danger
      busy={invalidate.busy}
      failure={invalidate.failure}
      onConfirm={() => void submit()}
      onClose={onClose}
      cli={`headgate dataset invalidate ${name}${cliPart(part)}`}
      api={`POST /api/v1/datasets/${name}/invalidate`}
      body={part}
    >
      <ImpactFigures impact={impact} />
      <Sentence text={impact.summary} />
    </Confirm>
  );
}

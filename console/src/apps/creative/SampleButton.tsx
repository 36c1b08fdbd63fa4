import { Play } from "lucide-react";
import { useLocation } from "wouter";
import { useAction } from "@/api/action";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { say } from "@/ui/Toasts";
import { runOf } from "./draft";

/** Runs the sample campaign and goes to it; the same as `headgate demo creative`. */
export function SampleButton() {
  const sample = useAction("submit_sample_brief");
  const [, navigate] = useLocation();
  const run = async () => {
    const started = await sample.run({});
    if (started !== undefined) {
      say(t("The sample campaign was started."));
      navigate(`/creative/${runOf(started)}`);
    }
  };
  return (
    <>
      <Button icon={Play} busy={sample.busy} onClick={() => void run()}>
        {t("Run the sample")}
      </Button>
      {sample.failure && (
        <span role="alert" className="cr-fault">
          {sample.failure.message}
        </span>
      )}
    </>
  );
}

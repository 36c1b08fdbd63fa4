import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { setPaused } from "./pausing";

interface Props {
  job: string;
  paused: boolean;
  /** Called when it was done. */
  onChanged: () => void;
  /** In a row of a table. */
  small?: boolean;
}

/** Pauses a queue, or lets it go on; what it did can be undone. */
export function PauseButton({ job, paused, onChanged, small }: Props) {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    await setPaused(job, !paused, onChanged);
    setBusy(false);
  };
  const word = paused ? t("Resume") : t("Pause");
  return (
    <Button
      look={small ? "quiet" : "plain"}
      icon={paused ? Play : Pause}
      busy={busy}
      aria-label={paused ? t("Resume {job}", { job }) : t("Pause {job}", { job })}
      onClick={() => void act()}
    >
      {word}
    </Button>
  );
}

import { call, Failure } from "@/api/call";
import { t } from "@/i18n/text";
import { say } from "@/ui/Toasts";

/** Pauses or resumes a queue at once, says so, and offers the way back. */
export async function setPaused(job: string, paused: boolean, changed: () => void): Promise<void> {
  if (!(await tried(job, paused, changed))) return;
  say(paused ? t("{job} is paused.", { job }) : t("{job} goes on.", { job }), {
    undo: () => void tried(job, !paused, changed),
  });
}

async function tried(job: string, paused: boolean, changed: () => void): Promise<boolean> {
  try {
    await call(paused ? "pause_job" : "resume_job", { job });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message, { tone: "bad" });
    return false;
  } finally {
    changed();
  }
}

import { Check, CircleDashed, Clock, LoaderCircle, Minus, OctagonX, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ProductView, StepView } from "@/api/schema";
import { t } from "@/i18n/text";
import { Span, Time } from "@/ui/Time";

type StepState = "done" | "running" | "waiting" | "later" | "failed" | "unneeded";

interface Step {
  label: string;
  state: StepState;
  task?: number | null;
  about?: ReactNode;
}

const ICONS: Record<StepState, LucideIcon> = {
  done: Check,
  running: LoaderCircle,
  waiting: Clock,
  later: CircleDashed,
  failed: OctagonX,
  unneeded: Minus,
};

/** How far a product is: received, picture, composed, done; each step leads to its task. */
export function StepBar({ of, at }: { of: ProductView; at: string }) {
  return (
    <ol className="cr-steps" aria-label={t("Steps of {product}", { product: of.name })}>
      {stepsOf(of, at).map((step) => {
        const Icon = ICONS[step.state];
        return (
          <li key={step.label} className={step.state}>
            <Icon size={15} aria-hidden />
            <span>
              {step.task ? <Link href={`/tasks/${step.task}`}>{step.label}</Link> : step.label}{" "}
              <span className="small muted">{step.about ?? stateWord(step.state)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function stepsOf(of: ProductView, at: string): Step[] {
  const picture = of.steps.find(({ step }) => step === "picture");
  const compose = of.steps.find(({ step }) => step === "compose");
  const failed = of.state === "failed";
  const composing = of.failure?.job.endsWith(".compose") ?? false;
  return [
    { label: t("Received"), state: "done", about: <Time at={at} /> },
    of.picture_event === null
      ? { label: t("Picture"), state: "unneeded", about: t("its own") }
      : {
          label: t("Picture"),
          ...taskOf(picture, of.picture_task),
          state: failed && !composing ? "failed" : workState(picture, of.state !== "waiting", "waiting"),
        },
    {
      label: t("Images"),
      ...taskOf(compose, of.compose_task),
      state:
        failed && composing
          ? "failed"
          : workState(compose, of.state === "done", of.state === "imaged" ? "waiting" : "later"),
    },
    { label: t("Done"), state: of.state === "done" ? "done" : "later", about: of.state === "done" ? "" : undefined },
  ];
}

function taskOf(step: StepView | undefined, made: number | null): Pick<Step, "task" | "about"> {
  if (!step) return { task: made };
  const about = step.running ? (
    <span translate="no">
      <Span from={step.at} to={null} />
    </span>
  ) : undefined;
  return { task: step.task_id, ...(about && { about }) };
}

function workState(step: StepView | undefined, done: boolean, before: StepState): StepState {
  if (done) return "done";
  return step ? (step.running ? "running" : "waiting") : before;
}

function stateWord(state: StepState): string {
  switch (state) {
    case "done":
      return t("done");
    case "running":
      return t("running");
    case "waiting":
      return t("waiting");
    case "later":
      return t("not yet");
    case "failed":
      return t("failed");
    case "unneeded":
      return t("not needed");
  }
}

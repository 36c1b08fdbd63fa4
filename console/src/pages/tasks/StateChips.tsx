import { useSearchParams } from "wouter";
import type { StateCount } from "@/api/schema";
import { count } from "@/i18n/format";
import { t } from "@/i18n/text";
import { stateWord } from "@/ui/Badge";
import { STATES, type TaskState } from "./filter";

interface Props {
  chosen: TaskState[];
  counts: readonly StateCount[] | undefined;
}

const RARE: readonly TaskState[] = ["merged", "replayed"];

/** How many tasks are in each state; pressing one shows those, pressing more adds them. */
export function StateChips({ chosen, counts }: Props) {
  const [, setParams] = useSearchParams();
  const of = new Map(counts?.map((one) => [one.state, one]));
  const choose = (states: TaskState[]) =>
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (states.length > 0) next.set("state", states.join(","));
        else next.delete("state");
        return next;
      },
      { replace: true },
    );
  const shown = STATES.filter(
    (state) => !RARE.includes(state) || chosen.includes(state) || !!of.get(state)?.tasks,
  );
  return (
    <div className="task-chips" role="group" aria-label={t("State")}>
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => choose([])}>
        {t("all")}
      </button>
      {shown.map((state) => {
        const held = chosen.includes(state);
        return (
          <button
            key={state}
            type="button"
            aria-pressed={held}
            onClick={() => choose(held ? chosen.filter((one) => one !== state) : [...chosen, state])}
          >
            {stateWord(state)} <span className="task-count">{written(of.get(state))}</span>
          </button>
        );
      })}
    </div>
  );
}

/** A count as it is written; one that was not counted to its end has a plus. */
export function written(of: { tasks: number; exact: boolean } | undefined): string {
  if (!of) return "";
  return of.exact ? count(of.tasks) : t("{count}+", { count: count(of.tasks) });
}

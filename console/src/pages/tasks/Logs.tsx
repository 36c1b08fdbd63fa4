import { ArrowDownToLine } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { LogLine, TaskDetail } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Command, CopyButton } from "@/ui/Commands";
import { ChoiceFilter } from "@/ui/Filters";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { fieldsOf, textOf, useLog, type Log } from "./log";

const LEVELS = ["debug", "info", "warning", "error", "critical"];

/** What the task logged in all its attempts, followed while it runs. */
export function Logs({ task, goesOn }: { task: TaskDetail; goesOn: boolean }) {
  const log = useLog(task.id, goesOn);
  const [follow, setFollow] = useState(goesOn);
  const [level] = useUrlState("level");
  const [attempt] = useUrlState("attempt");
  const least = LEVELS.indexOf(level);
  const shown = log.lines.filter(
    (line) =>
      (least < 0 || LEVELS.indexOf(line.level) >= least) && (!attempt || line.attempt === Number(attempt)),
  );
  return (
    <div className="stack">
      <div className="row spread">
        <LogFilters task={task} />
        <span className="row">
          <span className="muted small" role="status">
            {n(shown.length, "{count} line", "{count} lines")}
          </span>
          <CopyButton text={textOf(shown)} label={t("Copy the log")} />
          <Button icon={ArrowDownToLine} aria-pressed={follow} onClick={() => setFollow(!follow)}>
            {t("Follow")}
          </Button>
        </span>
      </div>
      {log.failure && <FailureNote failure={log.failure} />}
      {log.loading && <Loading />}
      {!log.loading && <Lines log={log} shown={shown} follow={follow} goesOn={goesOn} />}
      {goesOn && (
        <p className="row muted small">
          {t("In a terminal:")} <Command line={`headgate task logs ${task.id} -f`} />
        </p>
      )}
    </div>
  );
}

function LogFilters({ task }: { task: TaskDetail }) {
  const attempts = task.attempts.map(({ attempt }) => String(attempt));
  return (
    <span className="row">
      <ChoiceFilter
        name="level"
        label={t("Level")}
        any={t("all levels")}
        options={[
          { value: "info", label: t("info and above") },
          { value: "warning", label: t("warnings and errors") },
          { value: "error", label: t("errors") },
        ]}
      />
      {attempts.length > 1 && (
        <ChoiceFilter
          name="attempt"
          label={t("Attempt")}
          any={t("all attempts")}
          options={[...new Set(attempts)].map((value) => ({ value, label: value }))}
        />
      )}
    </span>
  );
}

interface LinesProps {
  log: Log;
  shown: LogLine[];
  follow: boolean;
  goesOn: boolean;
}

function Lines({ log, shown, follow, goesOn }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, shown.length]);
  if (shown.length === 0) {
    return (
      <Card>
        <Empty
          title={
            log.lines.length > 0
              ? t("No line of this level and attempt.")
              : goesOn
                ? t("It has logged nothing yet.")
                : t("It logged nothing.")
          }
        />
      </Card>
    );
  }
  return (
    <Card flush>
      <div ref={box} className="task-log" role="log" aria-label={t("The log of the task")} tabIndex={0} translate="no">
        {shown.map((line, index) => (
          <p key={index} className={`task-log-line ${line.level}`}>
            <Time at={line.at} as="clock" />
            <span className="task-log-attempt" title={t("Attempt {number}", { number: line.attempt })}>
              {line.attempt}
            </span>
            <span className="task-log-level">{line.level}</span>
            <span>
              {line.message} <span className="muted">{fieldsOf(line.fields)}</span>
            </span>
          </p>
        ))}
      </div>
      {log.more && (
        <div className="table-more">
          <Button look="quiet" onClick={log.more}>
            {t("Load more")}
          </Button>
        </div>
      )}
    </Card>
  );
}

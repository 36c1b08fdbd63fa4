import { RotateCw } from "lucide-react";
import { useState } from "react";
import { addressOf } from "@/api/call";
import { useList, useQuery } from "@/api/query";
import type { DeadLetter, LetterChoice } from "@/api/schema";
import { t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { stateWord } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { ChoiceFilter, Filters } from "@/ui/Filters";
import { FollowedOperation, OperationBar } from "@/ui/OperationBar";
import { Card, Page } from "@/ui/Page";
import { useUrlState } from "@/ui/url";
import { ActDialog } from "./ActDialog";
import { GroupCard } from "./GroupCard";
import "./deadletters.css";

type Wanted = DeadLetter["state"] | "all";
const STATES: readonly Wanted[] = ["open", "discarded", "redriven", "replayed", "superseded", "all"];
const LIVE = { topics: ["dead_letter"] } as const;

/** What failed for good, by the way it failed, and what can be done about it. */
export default function DeadLetters() {
  const [asked] = useUrlState("state", "open");
  const [job] = useUrlState("job");
  const [operation, follow] = useUrlState("operation");
  const [redriving, redrive] = useState(false);
  const state = STATES.find((one) => one === asked) ?? "open";
  const params = { state, ...(job && { job }) };
  const groups = useList("group_dead_letters", params, LIVE);
  const everything: LetterChoice = job ? { job } : { all: true };
  return (
    <Page
      title={t("Dead letters")}
      about={t("Work that failed for good, by the way it failed. Nothing of it is lost: mend the cause, then redrive.")}
      actions={
        <>
          <Commands
            cli={`headgate dlq groups${job && ` --job ${job}`}${state === "open" ? "" : ` --state ${state}`}`}
            api={`GET ${addressOf("group_dead_letters", params)}`}
          />
          {state === "open" && groups.items.length > 0 && (
            <Button icon={RotateCw} onClick={() => redrive(true)}>
              {job ? t("Redrive all of this job…") : t("Redrive all…")}
            </Button>
          )}
        </>
      }
    >
      <LetterFilters />
      <Redrives followed={operation} onClose={() => follow("")} />
      {groups.failure && <FailureNote failure={groups.failure} again={groups.refresh} />}
      {groups.loading ? <Loading /> : <Groups groups={groups} state={state} onFollow={follow} />}
      {redriving && (
        <ActDialog
          act="redrive"
          choice={everything}
          onClose={() => redrive(false)}
          onDone={groups.refresh}
          onFollow={follow}
        />
      )}
    </Page>
  );
}

function LetterFilters() {
  const { data } = useQuery("list_jobs", { limit: 200 }, { topics: ["dag"] });
  const [job] = useUrlState("job");
  const names = data?.items.map((one) => one.job) ?? [];
  const known = job && !names.includes(job) ? [job, ...names] : names;
  return (
    <Filters>
      <ChoiceFilter
        name="state"
        label={t("State")}
        initial="open"
        options={STATES.map((value) => ({ value, label: value === "all" ? t("all states") : stateWord(value) }))}
      />
      <ChoiceFilter named name="job" label={t("Job")} options={known.map((value) => ({ value, label: value }))} />
    </Filters>
  );
}

/** The redrives that go on, and the one that was started here. */
function Redrives({ followed, onClose }: { followed: string; onClose: () => void }) {
  const running = useList(
    "list_operations",
    { kind: "redrive", state: "running", limit: 10 },
    { topics: ["operation"] },
  );
  return (
    <>
      {followed && <FollowedOperation id={followed} onClose={onClose} />}
      {running.items
        .filter(({ id }) => id !== followed)
        .map((one) => (
          <OperationBar key={one.id} operation={one} onCancelled={running.refresh} />
        ))}
    </>
  );
}

interface GroupsProps {
  groups: ReturnType<typeof useList<"group_dead_letters">>;
  state: Wanted;
  onFollow: (operation: string) => void;
}

function Groups({ groups, state, onFollow }: GroupsProps) {
  const { items, more, loadingMore, failure, refresh } = groups;
  if (items.length === 0) {
    if (failure) return null;
    return (
      <Card>
        <Empty
          title={state === "open" ? t("There are no open dead letters.") : t("There are none in this state.")}
          command="headgate dlq list --state all"
        >
          {t("A task becomes one when its attempts are used up, or when trying again makes no sense.")}
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <ul className="stack" aria-label={t("Groups by error")}>
        {items.map((group) => (
          <li key={`${group.job} ${group.fingerprint}`}>
            <GroupCard group={group} state={state} onDone={refresh} onFollow={onFollow} />
          </li>
        ))}
      </ul>
      {more && (
        <div>
          <Button onClick={more} busy={loadingMore}>
            {t("Load more")}
          </Button>
        </div>
      )}
    </>
  );
}

import { useLocationProperty } from "wouter/use-browser-location";
import { Answer, Empty } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { TextFilter } from "@/ui/Filters";
import { Page } from "@/ui/Page";
import { useUrlState } from "@/ui/url";
import { t } from "@/i18n/text";
import { search, useDescription, type Description } from "./description";
import { EVERYWHERE, Introduction } from "./Introduction";
import { OperationList } from "./OperationList";
import { OperationView } from "./OperationView";
import "./api.css";

/** The reference of the HTTP API, drawn from the server's own description. */
export default function Api() {
  const description = useDescription();
  const asked = useLocationProperty(() => location.hash.slice(1));
  return (
    <Page
      title={t("API")}
      progress={asked || undefined}
      about={t("Everything that the console does, a program can do by HTTP.")}
      actions={<Commands cli="headgate openapi" api="GET /openapi.json" />}
    >
      <Answer of={description}>{(known) => <Reference description={known} asked={asked} />}</Answer>
    </Page>
  );
}

/** The operations, and the one that the address names after `#`. */
function Reference({ description, asked }: { description: Description; asked: string }) {
  const [text] = useUrlState("q");
  const operation = description.operations.get(asked);
  return (
    <div className={asked ? "api-reference one" : "api-reference"}>
      <div className="api-side">
        <div className="filters" role="search">
          <TextFilter name="q" label={t("Find an operation")} />
        </div>
        <OperationList groups={search(description.groups, text)} current={asked || EVERYWHERE} />
      </div>
      {operation ? (
        <OperationView key={operation.id} operation={operation} schemas={description.schemas} />
      ) : asked && asked !== EVERYWHERE ? (
        <Empty title={t("There is no operation of this name.")}>
          <code>{asked}</code>
        </Empty>
      ) : (
        <Introduction description={description} />
      )}
    </div>
  );
}

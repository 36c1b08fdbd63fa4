import { useEffect, useRef, type ReactNode } from "react";
import { Card } from "@/ui/Page";
import { Command, CopyButton } from "@/ui/Commands";
import { t } from "@/i18n/text";
import { commandOf } from "./commands";
import { curl } from "./curl";
import type { Answered, Content, Operation, Parameter, Schema } from "./description";
import { EVERYWHERE } from "./Introduction";
import { Marked } from "./Marked";
import { BackToList, Call } from "./OperationList";
import { Parameters, Shape } from "./Shape";
import { StreamNews } from "./StreamNews";

interface Props {
  operation: Operation;
  schemas: Record<string, Schema>;
}

const PLACES: [Parameter["in"], () => string][] = [
  ["path", () => t("In the path")],
  ["query", () => t("In the query")],
  ["header", () => t("In the headers")],
  ["cookie", () => t("In cookies")],
];

/** One operation: what it does, how it is called, what goes in and what comes out. */
export function OperationView({ operation, schemas }: Props) {
  const { id, about, body, parameters, answers } = operation;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const shown = heading.current;
    const { top = 0 } = shown?.getBoundingClientRect() ?? {};
    if (top < 0 || top > innerHeight) shown?.closest("section")?.scrollIntoView();
    // On a narrow screen the list that had the focus is gone.
    if (document.activeElement === document.body) shown?.focus({ preventScroll: true });
  }, [id]);
  return (
    <section id={id} className="api-operation stack" aria-labelledby={`about-${id}`}>
      <BackToList />
      <div className="stack tight">
        <h2 id={`about-${id}`} ref={heading} tabIndex={-1}>
          <Call operation={operation} />
        </h2>
        {about.split(/\n\n+/).map((paragraph) => (
          <p key={paragraph} translate="no">
            <Marked text={paragraph} />
          </p>
        ))}
        <p className="small muted">
          {t("Its name for generated clients:")} <code>{id}</code>
        </p>
      </div>
      <Forms operation={operation} schemas={schemas} />
      {PLACES.map(([place, label]) => {
        const here = parameters.filter((parameter) => parameter.in === place);
        return (
          here.length > 0 && (
            <Card key={place} title={label()}>
              <Parameters of={here} schemas={schemas} />
            </Card>
          )
        );
      })}
      {body && (
        <Card title={t("The body that is sent")}>
          {body.description && (
            <p translate="no">
              <Marked text={body.description} />
            </p>
          )}
          <Media content={body.content} schemas={schemas} sent />
        </Card>
      )}
      <Answers answers={answers} schemas={schemas} />
      {id === "stream" && <StreamNews />}
    </section>
  );
}

/** The call as a command of curl and of the command line. */
function Forms({ operation, schemas }: Props) {
  const line = curl(operation, schemas, location.origin);
  const command = commandOf(operation.id);
  return (
    <Card title={t("As a call")} actions={<CopyButton text={line} label={t("Copy as curl")} />}>
      <div className="stack tight">
        <pre className="api-curl" tabIndex={0} aria-label={t("The call as a line of curl")}>
          {line}
        </pre>
        {/[A-Z]{2}/.test(line.replace(/-X [A-Z]+/, "")) && (
          <p className="small muted">{t("Put your own values in the place of words in capitals.")}</p>
        )}
        {command && (
          <div className="row">
            <span className="muted">{t("The same as a command:")}</span>
            <Command line={command} />
          </div>
        )}
      </div>
    </Card>
  );
}

function Answers({ answers, schemas }: { answers: Operation["answers"]; schemas: Props["schemas"] }) {
  const good = answers.filter(([status]) => !isProblem(status));
  return (
    <Card title={t("What comes back")}>
      <div className="stack">
        {good.map(([status, answer]) => (
          <AnswerShape key={status} status={status} answer={answer} schemas={schemas} />
        ))}
        <p className="muted">
          {t("Anything else is a problem that says what to do.")}{" "}
          <a href={`#${EVERYWHERE}`}>{t("How problems look")}</a>
        </p>
      </div>
    </Card>
  );
}

function isProblem(status: string): boolean {
  return status === "default" || Number(status) >= 400;
}

interface AnswerProps {
  status: string;
  answer: Answered;
  schemas: Props["schemas"];
}

function AnswerShape({ status, answer, schemas }: AnswerProps) {
  return (
    <div className="stack tight">
      <h3>
        <code>{status}</code> <MeaningOf status={status} said={answer.description} />
      </h3>
      {answer.content ? <Media content={answer.content} schemas={schemas} /> : null}
    </div>
  );
}

// What the framework writes where nobody wrote anything.
const UNSAID = new Set(["Successful Response", "Done."]);

function MeaningOf({ status, said }: { status: string; said: string | undefined }): ReactNode {
  if (said && !UNSAID.has(said)) return <span translate="no">{said}</span>;
  switch (status) {
    case "201":
      return t("It was made.");
    case "202":
      return t("It was taken, and goes on.");
    case "204":
      return t("It was done; there is nothing to say.");
    default:
      return t("It was done.");
  }
}

interface MediaProps {
  content: Content;
  schemas: Props["schemas"];
  sent?: boolean;
}

function Media({ content, schemas, sent = false }: MediaProps) {
  return Object.entries(content).map(([type, { schema, itemSchema }]) => (
    <div key={type} className="stack tight">
      {type !== "application/json" && (
        <p className="muted">
          <code>{type}</code> {itemSchema && t("Events without end, each of this type:")}
        </p>
      )}
      <Shape schema={itemSchema ?? schema ?? {}} schemas={schemas} sent={sent} />
    </div>
  ));
}

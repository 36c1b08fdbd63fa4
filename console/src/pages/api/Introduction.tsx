import type { ReactNode } from "react";
import { Card } from "@/ui/Page";
import { Command } from "@/ui/Commands";
import { n, t } from "@/i18n/text";
import type { Description } from "./description";
import { Marked } from "./Marked";
import { BackToList } from "./OperationList";
import { Shape } from "./Shape";

/** What the address names after `#` for this; no operation is called so. */
export const EVERYWHERE = "everywhere";

/** What holds for every operation: where, how lists, repeats, long work and problems look. */
export function Introduction({ description }: { description: Description }) {
  const { operations, schemas } = description;
  return (
    <section className="api-operation stack" aria-labelledby="api-everywhere">
      <BackToList />
      <h2 id="api-everywhere">{t("What holds for every operation")}</h2>
      <Card title={t("Calling it")}>
        <div className="stack tight">
          <Said
            text={t(
              "Paths are below this address; bodies and answers are JSON, times are RFC 3339 in UTC. A field that an operation does not know is refused.",
            )}
          />
          <div>
            <Command line={location.origin} />
          </div>
          <p className="muted">
            {n(operations.size, "{count} operation is described", "{count} operations are described")}
            {" · "}
            <a href="/openapi.json" download="openapi.json">
              {t("Description for generators (OpenAPI 3.1)")}
            </a>
          </p>
        </div>
      </Card>
      <div className="api-rules">
        <Rule title={t("Lists")} href="#list_tasks">
          {t(
            "A list comes in pages: `items` and `next_cursor`. Ask for the next page by `?cursor=`; at the end it is null. `?limit=` is at most 200.",
          )}
        </Rule>
        <Rule title={t("Doing it once")} href="#retry_task">
          {t(
            "A POST with an `Idempotency-Key` counts once: the same key and body get the first answer again for a day, another body is refused.",
          )}
        </Rule>
        <Rule title={t("Long work")} href="#get_operation">
          {t(
            "What takes a while answers 202 with an operation: ask for it until it has ended, or cancel it. What acts on many can be counted first by `dry_run`.",
          )}
        </Rule>
        <Rule title={t("What changes")} href="#stream">
          {t(
            "The stream says that something changed, not what a list holds: ask again for what you show. It resumes after `Last-Event-ID`.",
          )}
        </Rule>
      </div>
      <Card title={t("Problems")}>
        <div className="stack tight">
          <Said
            text={t(
              "Whatever is refused or fails answers `application/problem+json` (RFC 9457). Rely on `code`, show `detail` and `hint`, and try again only where `retry` is true.",
            )}
          />
          <Shape schema={{ $ref: "#/components/schemas/Problem" }} schemas={schemas} />
        </div>
      </Card>
    </section>
  );
}

function Rule({ title, href, children }: { title: string; href: string; children: string }): ReactNode {
  return (
    <Card title={title}>
      <Said text={children} />
      <p className="api-see">
        <a href={href} translate="no">
          {href.slice(1)}
        </a>
      </p>
    </Card>
  );
}

function Said({ text }: { text: string }) {
  return (
    <p>
      <Marked text={text} />
    </p>
  );
}

/** The brief that is being written: kept over reloads, filled from files and from earlier briefs. */

import { useCallback, useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { t } from "@/i18n/text";
import { say } from "@/ui/Toasts";
import type { Editing } from "./DraftField";
import { keepDraft, keptDraft, parsed, productsOf, textAt, withValue, type Draft } from "./draft";
import { ASSETS, upload } from "./upload";
import { useJudgement, type Judgement } from "./useJudgement";
import { objectAddress } from "./words";

export interface DraftForm {
  draft: Draft;
  judgement: Judgement;
  editing: Editing;
  /** Every fault is to be seen. */
  all: boolean;
  showAll: () => void;
  replace: (draft: Draft) => void;
  takeFiles: (files: File[]) => void;
  /** What was dropped and is no brief. */
  unread: { name: string; fault: string } | undefined;
}

export function useDraft(): DraftForm {
  const [draft, setDraft] = useState(keptDraft);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [unread, setUnread] = useState<DraftForm["unread"]>();
  const judgement = useJudgement(draft);
  const faults = [...judgement.faults, ...(judgement.prediction?.missing ?? [])];
  useEffect(() => keepDraft(draft), [draft]);

  const replace = useCallback((next: Draft) => {
    setDraft(next);
    setTouched(new Set());
    setAll(false);
    setUnread(undefined);
  }, []);
  const open = useCallback(
    (name: string, text: string) => {
      const found = parsed(text);
      if ("fault" in found) return setUnread({ name, fault: found.fault });
      replace(found.draft);
      setAll(true);
    },
    [replace],
  );
  useEarlier(open);

  const takeFiles = (files: File[]) => {
    const brief = files.find(({ name, type }) => type === "application/json" || name.endsWith(".json"));
    const pictures = files.filter(({ type }) => type.startsWith("image/"));
    void (async () => {
      const text = await brief?.text();
      if (brief && text !== undefined) open(brief.name, text);
      const found = text === undefined ? { draft } : parsed(text);
      if ("draft" in found) await bring(pictures, found.draft);
      // Asked about again, now that the pictures are there.
      if (pictures.length) setDraft((now) => ({ ...now }));
    })();
  };
  const editing: Editing = {
    draft,
    faults,
    shown: (pointer) => all || touched.has(pointer),
    touch: (pointer) => setTouched((now) => (now.has(pointer) ? now : new Set(now).add(pointer))),
    change: (pointer, value) => setDraft((now) => withValue(now, pointer, value)),
  };
  return { draft, judgement, editing, all, showAll: () => setAll(true), replace, takeFiles, unread };
}

/** Fill the form once with the brief that the address names: `?from=<key>`. */
function useEarlier(open: (name: string, text: string) => void): void {
  const [params, setParams] = useSearchParams();
  const from = params.get("from");
  useEffect(() => {
    if (!from) return;
    void (async () => {
      const response = await fetch(objectAddress(from)).catch(() => undefined);
      if (response?.ok) open(from, await response.text());
      else say(t("The brief {key} is not kept any more.", { key: from }), { tone: "bad" });
      setParams({}, { replace: true });
    })();
  }, [from, open, setParams]);
}

/** Store pictures that were dropped with a brief under the paths by which it names them. */
async function bring(pictures: File[], draft: Draft): Promise<void> {
  const paths = productsOf(draft).map((_, at) => textAt(draft, `/products/${at}/existing_assets`));
  for (const picture of pictures) {
    const path = paths.find((one) => one.split("/").at(-1) === picture.name);
    if (!path) {
      say(t("No product names {name}.", { name: picture.name }), { tone: "bad" });
      continue;
    }
    try {
      await upload(picture, path.startsWith(ASSETS) ? path : ASSETS + path);
      say(t("{name} was stored.", { name: picture.name }));
    } catch {
      say(t("{name} could not be stored.", { name: picture.name }), { tone: "bad" });
    }
  }
}

import type { ProductView } from "@/api/schema";
import { t } from "@/i18n/text";
import { CopyButton } from "@/ui/Commands";
import { Facts } from "@/ui/Facts";
import { objectAddress } from "./words";

/** The picture that a product's images are made of: from where, by which prompt, for how much. */
export function Picture({ of }: { of: ProductView }) {
  const { picture } = of;
  return (
    <details className="cr-picture">
      <summary>{t("Picture and prompt")}</summary>
      {picture ? (
        <div className="cr-picture-body">
          {of.state !== "waiting" || picture.version ? (
            <a href={objectAddress(picture.key, picture.version)} target="_blank" rel="noreferrer">
              <img
                src={objectAddress(picture.key, picture.version)}
                width={160}
                height={160}
                loading="lazy"
                alt={t("The picture of {product}", { product: of.name })}
              />
            </a>
          ) : null}
          <div className="stack tight">
            <Facts
              of={[
                [t("Source"), sourceWord(picture.source)],
                [t("Reused"), picture.reused && t("made before from the same words")],
                [t("Model"), picture.model && <code>{picture.model}</code>],
                [t("Seed"), picture.seed !== null && <code>{picture.seed}</code>],
                [t("Take"), picture.take > 1 && picture.take],
                [t("File"), <code>{picture.key}</code>],
                [t("Description"), of.description && <span translate="no">{of.description}</span>],
              ]}
            />
            {picture.prompt && (
              <div className="cr-prompt">
                <h3>
                  {t("Prompt")} <CopyButton text={picture.prompt} label={t("Copy the prompt")} />
                </h3>
                <pre tabIndex={0}>{picture.prompt}</pre>
              </div>
            )}
          </div>
        </div>
      ) : (
        <p className="muted">{t("It has no picture yet.")}</p>
      )}
    </details>
  );
}

function sourceWord(source: "existing" | "generated" | "draft" | null): string {
  switch (source) {
    case "existing":
      return t("the brand's own picture");
    case "generated":
      return t("made by an image model");
    case "draft":
      return t("a draft that was drawn on this machine");
    case null:
      return t("not known yet");
  }
}

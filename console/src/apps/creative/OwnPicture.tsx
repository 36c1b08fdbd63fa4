import { ImageUp, X } from "lucide-react";
import { useRef, useState } from "react";
import { Failure } from "@/api/call";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { textAt } from "./draft";
import { DraftField, useEditing } from "./DraftField";
import { ASSETS, keyFor, upload } from "./upload";
import { objectAddress } from "./words";

/** The picture that a product brings along: chosen, dropped here, or named by its path. */
export function OwnPicture({ pointer }: { pointer: string }) {
  const { draft, change, touch } = useEditing();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const path = textAt(draft, pointer);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setFault(undefined);
    if (!file.type.startsWith("image/")) return setFault(t("{name} is no picture.", { name: file.name }));
    const key = keyFor(file, textAt(draft, "/campaign_id"));
    setBusy(true);
    try {
      await upload(file, key);
      touch(pointer);
      change(pointer, key.slice(ASSETS.length));
    } catch (error) {
      setFault(error instanceof Failure ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div
      className={over ? "cr-own over" : "cr-own"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        void take(event.dataTransfer.files[0]);
      }}
    >
      {path && <Preview key={path} path={path} />}
      <div className="stack tight cr-own-field">
        <DraftField
          pointer={pointer}
          label={t("Own picture")}
          about={t("Drop a file here, or name one below existing-assets/. Without one, a picture is made.")}
        />
        {fault && <p className="cr-fault" role="alert">{fault}</p>}
        <div className="row">
          <Button icon={ImageUp} busy={busy} onClick={() => input.current?.click()}>
            {t("Choose a picture")}
          </Button>
          {path && (
            <Button look="quiet" icon={X} onClick={() => change(pointer, undefined)}>
              {t("Have one made")}
            </Button>
          )}
        </div>
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
    </div>
  );
}

function Preview({ path }: { path: string }) {
  const [there, setThere] = useState(true);
  const key = path.startsWith(ASSETS) ? path : ASSETS + path;
  if (!there) return null;
  return (
    <img
      className="cr-own-preview"
      src={objectAddress(key)}
      width={96}
      height={96}
      alt={t("The product's own picture")}
      onError={() => setThere(false)}
    />
  );
}

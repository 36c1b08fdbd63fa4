import { useSyncExternalStore } from "react";
import { connectionNow, onConnection, type Connection } from "@/api/stream";
import { t } from "@/i18n/text";

const WORDS: Record<Connection, () => string> = {
  connecting: () => t("Connecting"),
  live: () => t("Live"),
  lost: () => t("Reconnecting"),
};

/** Whether what is shown follows what happens. */
export function ConnectionState() {
  const connection = useSyncExternalStore(onConnection, connectionNow);
  return (
    <span className={`connection ${connection}`} role="status">
      {WORDS[connection]()}
    </span>
  );
}

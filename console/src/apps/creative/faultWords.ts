import type { FaultView } from "@/api/schema";
import { t } from "@/i18n/text";

/** A fault in the reader's words; one of an unknown kind as the server said it. */
export function faultWord({ pointer, code, message }: FaultView): string {
  const number = /\d+/.exec(message)?.[0] ?? "";
  switch (code) {
    case "missing":
    case "string_too_short":
    case "too_short":
      return pointer === "/products" ? t("At least one product is needed.") : t("This is needed.");
    case "string_too_long":
    case "too_long":
      return pointer === "/products"
        ? t("At most {count} products.", { count: number })
        : t("At most {count} characters.", { count: number });
    case "extra_forbidden":
      return t("A brief has no such field.");
    case "string_type":
      return t("This must be a text.");
    case "string_pattern_mismatch":
      return pointer.includes("color")
        ? t("Write a colour as #rrggbb, such as #1f6f4a.")
        : t("Letters, digits, - and _ only, up to 64, and a letter or digit first.");
    case "not_there":
      return t("There is no such picture yet.");
    default:
      return message;
  }
}

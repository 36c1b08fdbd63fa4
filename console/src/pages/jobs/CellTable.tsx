import type { Cell } from "@/api/schema";
import { count, range } from "@/i18n/format";
import { t } from "@/i18n/text";
import { STATES, WORDS } from "./cells";

/** The cells of a map as rows. */
export function CellTable({ cells }: { cells: readonly Cell[] }) {
  return (
    <div className="job-cells" tabIndex={0} role="region" aria-label={t("Partitions")}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("Range")}</th>
            {STATES.map((state) => (
              <th key={state} scope="col" className="end">
                {WORDS[state]()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <tr key={cell.low}>
              <td>{range(cell.low, cell.high)}</td>
              {STATES.map((state) => (
                <td key={state} className="end" data-head={WORDS[state]()}>
                  {count(cell[state])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

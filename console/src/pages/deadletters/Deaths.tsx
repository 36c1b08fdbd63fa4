import type { DeadLetter } from "@/api/schema";
import { duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Time } from "@/ui/Time";

const BARS = 24;

/** When letters died: how many in each part of the time from the first to the last. */
export function Deaths({ letters, all }: { letters: readonly DeadLetter[]; all: boolean }) {
  if (letters.length < 2) return null;
  const times = letters.map(({ died_at }) => new Date(died_at).getTime());
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  const counts = Array.from({ length: BARS }, () => 0);
  for (const time of times) {
    const at = Math.min(BARS - 1, Math.floor(((time - first) / span) * BARS));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const spread = duration(span / 1000);
  const words = all
    ? n(letters.length, "{count} letter died within {spread}", "{count} letters died within {spread}", { spread })
    : n(
        letters.length,
        "The newest letter died within {spread}",
        "The newest {count} letters died within {spread}",
        { spread },
      );
  return (
    <figure className="dl-deaths">
      <figcaption className="small muted">{words}</figcaption>
      <div className="dl-bars" role="img" aria-label={t("{words}; at most {most} at a time.", { words, most })}>
        {counts.map((died, index) => (
          <span
            key={index}
            style={{ blockSize: died ? `max(3px, ${(100 * died) / most}%)` : "1px" }}
            data-none={died === 0 || undefined}
          />
        ))}
      </div>
      <p className="row spread small muted">
        <Time at={new Date(first).toISOString()} as="moment" />
        <Time at={new Date(first + span).toISOString()} as="clock" />
      </p>
    </figure>
  );
}

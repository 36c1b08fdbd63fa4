import { Link, useSearchParams } from "wouter";
import "./tabs.css";

interface Props {
  /** What the tabs are parts of. */
  label: string;
  tabs: { key: string; label: string; count?: number | undefined }[];
}

/** Links to the parts of a page, in `?tab=`; the first one is the default. */
export function Tabs({ label, tabs }: Props) {
  const [params] = useSearchParams();
  const current = params.get("tab") ?? tabs[0]?.key;
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ key, label: word, count }) => {
        const next = new URLSearchParams(params);
        if (key === tabs[0]?.key) next.delete("tab");
        else next.set("tab", key);
        return (
          <Link key={key} href={`?${next}`} aria-current={key === current ? "page" : undefined}>
            {word}
            {count !== undefined && <span className="muted"> {count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}

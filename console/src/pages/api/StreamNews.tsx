import { useEffect, useState } from "react";
import { onNews, type News } from "@/api/stream";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { t } from "@/i18n/text";

const MOST = 10;

interface Heard {
  number: number;
  news: News;
}

/** What the stream has said since this page was opened, the newest first. */
export function StreamNews() {
  const [heard, setHeard] = useState<Heard[]>([]);
  useEffect(
    () =>
      onNews((news) =>
        setHeard((before) => [{ number: (before[0]?.number ?? 0) + 1, news }, ...before].slice(0, MOST)),
      ),
    [],
  );
  return (
    <Card title={t("What it says now")}>
      {heard.length === 0 && (
        <p className="muted">{t("Nothing has changed since this page was opened.")}</p>
      )}
      <ol className="api-news">
        {heard.map(({ number, news }) => (
          <li key={number}>
            {"change" in news ? (
              <>
                <Time at={news.change.at} as="clock" />
                <code>{news.change.topic}</code>
                <code>{news.change.subject}</code>
                <code className="muted">{JSON.stringify(news.change.data)}</code>
              </>
            ) : (
              <code>reset</code>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

import type { Reason } from "@/api/schema";
import { n } from "@/i18n/text";
import { Card } from "@/ui/Page";
import { Reasons } from "@/ui/Reasons";

/** Why nothing of a queue starts, since when, and what to do about it. */
export function WhatHolds({ holds }: { holds: Reason[] }) {
  return (
    <Card title={n(holds.length, "What holds it", "What holds it ({count})")}>
      <Reasons of={holds} />
    </Card>
  );
}

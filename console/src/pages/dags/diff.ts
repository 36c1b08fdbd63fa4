/** Which lines of a text came, went and stayed. */

export interface DiffLine {
  sign: "same" | "added" | "removed";
  text: string;
  /** Its number in the text before, and in the one after, from 1. */
  before: number | undefined;
  after: number | undefined;
}

/** Past so many differences the rest counts as replaced whole: nobody reads such a diff. */
const MOST_EDITS = 1500;

/** All lines of two texts in order (Myers' algorithm between what both begin and end with). */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const found: DiffLine[] = [];
  const same = (x: number, y: number) =>
    found.push({ sign: "same", text: a[x] ?? "", before: x + 1, after: y + 1 });
  for (let x = 0; x < head; x++) same(x, x);
  const [innerA, innerB] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  for (const [sign, x, y] of edits(innerA, innerB)) {
    if (sign === "same") same(head + x, head + y);
    else if (sign === "removed") {
      found.push({ sign, text: innerA[x] ?? "", before: head + x + 1, after: undefined });
    } else found.push({ sign, text: innerB[y] ?? "", before: undefined, after: head + y + 1 });
  }
  for (let back = tail; back > 0; back--) same(a.length - back, b.length - back);
  return found;
}

/** How many lines came and went. */
export function counted(lines: readonly DiffLine[]): { added: number; removed: number } {
  const of = (wanted: DiffLine["sign"]) => lines.filter(({ sign }) => sign === wanted).length;
  return { added: of("added"), removed: of("removed") };
}

/** The changed lines with `around` unchanged ones on each side; undefined where lines are left out. */
export function hunks(lines: readonly DiffLine[], around = 3): (DiffLine | undefined)[] {
  const shown = new Set<number>();
  lines.forEach(({ sign }, at) => {
    if (sign === "same") return;
    for (let near = at - around; near <= at + around; near++) shown.add(near);
  });
  const kept: (DiffLine | undefined)[] = [];
  lines.forEach((line, at) => {
    if (shown.has(at)) kept.push(line);
    else if (kept.at(-1) !== undefined || at === 0) kept.push(undefined);
  });
  return kept;
}

function linesOf(text: string): string[] {
  if (!text) return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

type Edit = [DiffLine["sign"], number, number];

function edits(a: readonly string[], b: readonly string[]): Edit[] {
  const trace = furthest(a, b);
  if (!trace) {
    return [
      ...a.map((_, x): Edit => ["removed", x, 0]),
      ...b.map((_, y): Edit => ["added", a.length, y]),
    ];
  }
  const found: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let depth = trace.length - 1; depth > 0; depth--) {
    const reached = trace[depth - 1] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = goesDown(reached, diagonal, depth);
    const from = reached.get(diagonal + (down ? 1 : -1)) ?? 0;
    const fromY = from - diagonal + (down ? -1 : 1);
    while (x > from && y > fromY) found.push(["same", --x, --y]);
    found.push(down ? ["added", x, --y] : ["removed", --x, y]);
  }
  while (x > 0) found.push(["same", --x, --y]);
  return found.reverse();
}

/** For each number of edits how far one gets on each diagonal; undefined if they are too many. */
function furthest(a: readonly string[], b: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>();
  for (let depth = 0; depth <= Math.min(MOST_EDITS, a.length + b.length); depth++) {
    const next = new Map<number, number>();
    trace.push(next);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const down = goesDown(reached, diagonal, depth);
      let x = depth === 0 ? 0 : down ? (reached.get(diagonal + 1) ?? 0) : (reached.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
    reached = next;
  }
  return undefined;
}

function goesDown(reached: Map<number, number>, diagonal: number, depth: number): boolean {
  if (diagonal === -depth) return true;
  if (diagonal === depth) return false;
  return (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1);
}

import { Maximize, Minus, Plus } from "lucide-react";
import { memo, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { Link } from "wouter";
import { t } from "@/i18n/text";
import type { Tone } from "./Badge";
import { Button } from "./Button";
import { curve, extent, reach, shiftInto, shortened } from "./graphGeometry";
import "./graph.css";

export interface GraphNode {
  id: string;
  kind: "source" | "dataset" | "job" | "group";
  label: string;
  /** Its upper left corner and size, in the units of the layout. */
  x: number;
  y: number;
  width: number;
  height: number;
  href?: string;
  /** Below the label: how it is, as a few words. */
  status?: { tone: Tone; text: string } | undefined;
}

export interface GraphEdge {
  from: string;
  to: string;
  /** The corners of its line, from the right side of `from` to the left side of `to`. */
  points: [number, number][];
  dashed?: boolean;
}

interface Props {
  label: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  height?: number | string;
}

const MARGIN = 24;
const CLOSEST = 2.5;
const READABLE = 0.75; // a graph begins no smaller than that

/**
 * A graph with given positions: drag to move, wheel or the buttons to come closer, focus a node to
 * see what it is made from and what is made from it. A table beside it says the same.
 */
export function Graph({ label, nodes, edges, height = 380 }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ x: 0, y: 0, scale: 1 });
  const [at, setAt] = useState<string>();
  const [table, setTable] = useState(false);
  const near = useMemo(() => (at ? reach(at, edges) : undefined), [at, edges]);
  // By its figures: nodes that are new only in what they say must not undo how one moved the view.
  const { left, top, width, height: depth } = extent(nodes);
  const size = useMemo(() => ({ left, top, width, height: depth }), [left, top, width, depth]);
  const dragged = useRef<{ x: number; y: number }>(undefined);
  // Moving the view must not draw a thousand nodes anew.
  const drawn = useMemo(
    () => (
      <>
        <Edges edges={edges} near={near} />
        {nodes.map((node) => (
          <Node key={node.id} node={node} dim={near ? !near.has(node.id) : false} onAt={setAt} />
        ))}
      </>
    ),
    [nodes, edges, near],
  );

  const fit = useCallback(
    (least: number) => {
      const box = frame.current;
      if (!box || size.width === 0) return;
      const [wide, high] = [box.clientWidth - 2 * MARGIN, box.clientHeight - 2 * MARGIN];
      const scale = Math.max(least, Math.min(1, wide / size.width, high / size.height));
      // What does not fit begins at its start.
      setView({
        scale,
        x: MARGIN + Math.max(0, wide - size.width * scale) / 2 - size.left * scale,
        y: MARGIN + Math.max(0, high - size.height * scale) / 2 - size.top * scale,
      });
    },
    [size],
  );
  useEffect(() => {
    const box = frame.current;
    if (!box || table) return undefined;
    const sized = new ResizeObserver(() => fit(READABLE));
    sized.observe(box);
    return () => sized.disconnect();
  }, [fit, table]);

  const zoom = useCallback((by: number, around?: { x: number; y: number }) => {
    const box = frame.current;
    if (!box) return;
    const point = around ?? { x: box.clientWidth / 2, y: box.clientHeight / 2 };
    setView(({ x, y, scale }) => {
      const next = Math.min(CLOSEST, Math.max(0.05, scale * by));
      const ratio = next / scale;
      return { scale: next, x: point.x - (point.x - x) * ratio, y: point.y - (point.y - y) * ratio };
    });
  }, []);
  useEffect(() => {
    // React's own wheel listener is passive and could not keep the page from scrolling.
    const box = frame.current;
    if (!box || table) return undefined;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey && document.activeElement?.closest(".graph") !== box.parentElement)
        return;
      event.preventDefault();
      const { left, top } = box.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), { x: event.clientX - left, y: event.clientY - top });
    };
    box.addEventListener("wheel", wheel, { passive: false });
    return () => box.removeEventListener("wheel", wheel);
  }, [zoom, table]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = 60;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [step, 0],
      ArrowRight: [-step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const move = moves[event.key];
    if (move) setView((now) => ({ ...now, x: now.x + move[0], y: now.y + move[1] }));
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit(0);
    else return;
    event.preventDefault();
  };
  /** A part that has the focus must be seen. */
  const bring = (part: Element) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return;
    const seen = part.getBoundingClientRect();
    const x = shiftInto(seen.left, seen.right, box.left + MARGIN, box.right - MARGIN);
    const y = shiftInto(seen.top, seen.bottom, box.top + MARGIN, box.bottom - MARGIN);
    if (x || y) setView((now) => ({ ...now, x: now.x + x, y: now.y + y }));
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = dragged.current;
    if (!from) return;
    setView((now) => ({ ...now, x: now.x + event.clientX - from.x, y: now.y + event.clientY - from.y }));
    dragged.current = { x: event.clientX, y: event.clientY };
  };

  return (
    <div className="graph" role="group" aria-label={label}>
      <div className="graph-tools">
        {!table && (
          <>
            <Button look="quiet" icon={Plus} aria-label={t("Closer")} onClick={() => zoom(1.25)} />
            <Button look="quiet" icon={Minus} aria-label={t("Farther")} onClick={() => zoom(0.8)} />
            <Button look="quiet" icon={Maximize} aria-label={t("Show all of it")} onClick={() => fit(0)} />
          </>
        )}
        <Button look="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? t("As a graph") : t("As a table")}
        </Button>
      </div>
      {table ? (
        <NodeTable nodes={nodes} edges={edges} />
      ) : (
        <div
          ref={frame}
          className="graph-frame"
          style={{ height }}
          onKeyDown={onKeyDown}
          onFocus={({ target }) => target.matches("a:focus-visible") && bring(target)}
          onPointerDown={(event) => {
            if (event.button === 0 && !(event.target as Element).closest("a"))
              dragged.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={onPointerMove}
          onPointerUp={() => (dragged.current = undefined)}
          onPointerLeave={() => (dragged.current = undefined)}
        >
          <svg width="100%" height="100%" aria-label={label} role="group">
            <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
              {drawn}
            </g>
          </svg>
        </div>
      )}
    </div>
  );
}

const Edges = memo(({ edges, near }: { edges: GraphEdge[]; near: Set<string> | undefined }) =>
  edges.map(({ from, to, points, dashed }) => {
    const lit = near?.has(from) && near.has(to);
    return (
      <path
        key={`${from} ${to}`}
        className={`graph-edge${dashed ? " dashed" : ""}${lit ? " lit" : near ? " dim" : ""}`}
        d={curve(points)}
      />
    );
  }),
);

interface NodeProps {
  node: GraphNode;
  dim: boolean;
  onAt: (id: string | undefined) => void;
}

/** Drawn anew only when its own node is another object: one of a thousand may have changed. */
const Node = memo(({ node, dim, onAt }: NodeProps) => {
  const { id, kind, label, x, y, width, height, href, status } = node;
  const shape = (
    <g
      className={`graph-node ${kind}${dim ? " dim" : ""}`}
      transform={`translate(${x} ${y})`}
      onPointerEnter={() => onAt(id)}
      onPointerLeave={() => onAt(undefined)}
    >
      <title>{status ? `${label}: ${status.text}` : label}</title>
      <rect width={width} height={height} rx={kind === "dataset" ? height / 2 : 7} />
      {status && <circle className={status.tone} cx={14} cy={height / 2} r={4.5} />}
      <text x={status ? 26 : 14} y={status ? height / 2 - 3 : height / 2 + 4}>
        {shortened(label, width - (status ? 38 : 26))}
      </text>
      {status && (
        <text className="graph-status" x={26} y={height / 2 + 12}>
          {shortened(status.text, width - 34, 5.6)}
        </text>
      )}
    </g>
  );
  if (!href) return shape;
  const name = `${KINDS[kind]()} ${label}${status ? `, ${status.text}` : ""}`;
  return (
    <Link href={href} aria-label={name} onFocus={() => onAt(id)} onBlur={() => onAt(undefined)}>
      {shape}
    </Link>
  );
});

const KINDS: Record<GraphNode["kind"], () => string> = {
  source: () => t("source"),
  dataset: () => t("dataset"),
  job: () => t("job"),
  group: () => t("DAG"),
};

function NodeTable({ nodes, edges }: { nodes: GraphNode[]; edges: GraphEdge[] }) {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const into = (id: string) => edges.filter(({ to }) => to === id).map(({ from }) => labels.get(from));
  const out = (id: string) => edges.filter(({ from }) => from === id).map(({ to }) => labels.get(to));
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("Name")}</th>
            <th scope="col">{t("Kind")}</th>
            <th scope="col">{t("State")}</th>
            <th scope="col">{t("From")}</th>
            <th scope="col">{t("To")}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ id, label, kind, href, status }) => (
            <tr key={id}>
              <td translate="no">{href ? <Link href={href}>{label}</Link> : label}</td>
              <td>{KINDS[kind]()}</td>
              <td>{status?.text ?? "–"}</td>
              <td translate="no">{into(id).join(", ") || "–"}</td>
              <td translate="no">{out(id).join(", ") || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

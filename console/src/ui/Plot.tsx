import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { locale } from "@/i18n/text";
import { clock } from "@/i18n/format";
import type { ChartProps } from "./Chart";

/** The drawing of a chart: uPlot in the colours of the page. */
export default function Plot(props: ChartProps & { height: number }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const shape = JSON.stringify([props.series.map(({ label, tone }) => [label, tone]), props.height]);

  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(latest, element), data(latest.current), element);
    };
    draw();
    const sized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    sized.observe(element);
    // Colours are read when the plot is made: make it anew when they change.
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ["style"] });
    return () => {
      sized.disconnect();
      themed.disconnect();
      dark.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  useEffect(() => plot.current?.setData(data(props)), [props]);
  return <div ref={holder} />;
}

function data({ times, series }: ChartProps): uPlot.AlignedData {
  return [times, ...series.map(({ values }) => values)];
}

function options(latest: { current: ChartProps & { height: number } }, element: HTMLElement): uPlot.Options {
  const { series, height } = latest.current;
  const style = getComputedStyle(element);
  const font = `11px ${style.fontFamily}`;
  const color = resolver(element);
  const axis = { stroke: color("--muted"), font, ticks: { show: false }, grid: { stroke: color("--line"), width: 1 } };
  const format = series[0]?.format ?? String;
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, Math.max(1, ceiling(latest.current, most) * 1.1)] } },
    axes: [
      {
        ...axis,
        space: 84,
        size: 30,
        values: (_, times) => times.map((time) => timeOf(time, (times[1] ?? 0) - (times[0] ?? 0))),
      },
      { ...axis, size: 58, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, tone, area }) => {
        const stroke = color(tone === "idle" ? "--line-strong" : `--${tone}`);
        return {
          label,
          stroke,
          width: 1.75,
          points: { show: false },
          ...(area && { fill: withAlpha(stroke) }),
        };
      }),
    ],
    hooks: {
      drawClear: [(plot) => drawSpans(plot, latest.current, color)],
      draw: [(plot) => drawLines(plot, latest.current, color, font)],
    },
    plugins: [tip(latest)],
  };
}

/** A time of day, to the second where the marks are closer than a minute. */
function timeOf(time: number, apart: number): string {
  return new Date(time * 1000).toLocaleTimeString(locale(), {
    hour: "2-digit",
    minute: "2-digit",
    ...(apart < 60 && { second: "2-digit" }),
  });
}

function ceiling({ lines }: ChartProps, most: number): number {
  return Math.max(most, ...(lines ?? []).map(({ value }) => (value <= most * 3 ? value : 0)));
}

/** Custom properties may hold light-dark(): let the browser say what they come to. */
function resolver(element: HTMLElement): (name: string) => string {
  const probe = document.createElement("i");
  probe.hidden = true;
  element.append(probe);
  return (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
}

function withAlpha(color: string): string {
  return color.replace(/^rgb\((.*)\)$/, "rgba($1, 0.14)");
}

function drawSpans(plot: uPlot, { spans }: ChartProps, color: (name: string) => string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = color("--warn-soft");
  for (const { from, to } of spans ?? []) {
    const left = Math.max(plot.valToPos(from, "x", true), bbox.left);
    const right = Math.min(plot.valToPos(to, "x", true), bbox.left + bbox.width);
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(right - left, 2), bbox.height);
  }
  ctx.restore();
}

function drawLines(plot: uPlot, { lines }: ChartProps, color: (name: string) => string, font: string): void {
  const { ctx, bbox } = plot;
  const top = plot.scales.y?.max ?? 0;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = color("--warn");
  ctx.font = font.replace("11px", `${11 * devicePixelRatio}px`);
  ctx.setLineDash([6, 4]);
  for (const [index, { value, label }] of (lines ?? []).entries()) {
    if (value > top) continue;
    const y = plot.valToPos(value, "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // At both ends by turns, so that the labels of lines close together stay apart.
    ctx.textAlign = index % 2 ? "right" : "left";
    ctx.fillText(label, index % 2 ? bbox.left + bbox.width - 6 : bbox.left + 6, y - 4);
  }
  ctx.restore();
}

function tip(latest: { current: ChartProps }): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = "chart-tip";
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: (plot) => {
        const { idx, left = 0 } = plot.cursor;
        const { series, times, spans } = latest.current;
        const time = idx == null ? undefined : times[idx];
        box.hidden = time === undefined || left < 0;
        if (time === undefined || idx == null) return;
        const lines = [clock(new Date(time * 1000))];
        for (const { label, values, format } of series) {
          const value = values[idx];
          if (value != null) lines.push(`${label}: ${format(value)}`);
        }
        for (const span of spans ?? []) if (span.from <= time && time <= span.to) lines.push(span.label);
        box.replaceChildren(
          ...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })),
        );
        const right = left > plot.over.clientWidth / 2;
        box.style.left = right ? "" : `${left + 12}px`;
        box.style.right = right ? `${plot.over.clientWidth - left + 12}px` : "";
        box.style.top = "4px";
      },
    },
  };
}

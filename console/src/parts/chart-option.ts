import type { EChartsCoreOption } from 'echarts/core';
import { count, dateTime } from './figures.ts';
import { bucketTimes, type Series, type TimeGrid } from './time-series.ts';

export interface Panel {
  readonly title: string;
  readonly series: readonly (Series & { readonly label: string; readonly colour: string })[];
  /** Share of the height, against the other panels. */
  readonly share: number;
}

export interface ChartInput {
  readonly panels: readonly Panel[];
  readonly grid: TimeGrid;
  readonly language: string;
  readonly isDark: boolean;
  readonly heightPx: number;
}

const FONT =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const HEAD_PX = 38;
const AXIS_PX = 24;
const LEGEND_LEFT_PX = 96;

/** The panels one below the other on one time axis, a legend for each, and one pointer through all of them. */
export function chartOption({ panels, grid, language, isDark, heightPx }: ChartInput): EChartsCoreOption {
  const times = bucketTimes(grid);
  const ink = isDark ? '#9fb0bb' : '#55626f';
  const line = isDark ? '#26333c' : '#e6ebef';
  const places = placePanels(panels, heightPx);
  const last = panels.length - 1;
  const allSeries = panels.flatMap(({ series }, index) =>
    series.map(({ label, colour, counts }) => ({ index, label, colour, counts })),
  );
  return {
    textStyle: { fontFamily: FONT },
    title: panels.map(({ title }, index) => ({
      text: title,
      top: (places[index]?.top ?? 0) - HEAD_PX + 8,
      left: 0,
      textStyle: { color: ink, fontSize: 12, fontWeight: 600 },
    })),
    legend: panels.map(({ series }, index) => ({
      data: series.map(({ label }) => label),
      top: (places[index]?.top ?? 0) - HEAD_PX + 5,
      right: 0,
      left: LEGEND_LEFT_PX,
      type: 'scroll',
      pageIconColor: ink,
      pageTextStyle: { color: ink, fontSize: 11 },
      align: 'left',
      itemWidth: 10,
      itemHeight: 10,
      itemGap: 12,
      icon: 'roundRect',
      textStyle: { color: ink, fontSize: 12 },
    })),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: {
      trigger: 'axis',
      confine: true,
      axisPointer: { type: 'shadow' },
      backgroundColor: isDark ? '#1b262d' : '#ffffff',
      borderColor: line,
      textStyle: { color: isDark ? '#e3eaee' : '#16202c', fontSize: 12 },
      formatter: (points: unknown) => tooltip(points as readonly Point[], times, language),
    },
    grid: places.map((place) => ({ ...place, left: 44, right: 4 })),
    xAxis: panels.map((_, index) => ({
      type: 'category',
      gridIndex: index,
      data: times.map(String),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: {
        show: index === last,
        color: ink,
        fontSize: 11,
        hideOverlap: true,
        formatter: (time: string) => axisTime(Number(time), grid.to - grid.from, language),
      },
    })),
    yAxis: panels.map((_, index) => ({
      type: 'value',
      gridIndex: index,
      minInterval: 1,
      splitNumber: 3,
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: ink, fontSize: 11, formatter: (value: number) => compact(value, language) },
    })),
    series: allSeries.map(({ index, label, colour, counts }) => ({
      type: 'bar',
      name: label,
      stack: `panel-${index}`,
      xAxisIndex: index,
      yAxisIndex: index,
      // Nothing is drawn where there was nothing: the least height is for what there was.
      data: counts.map((value) => (value === 0 ? '-' : value)),
      itemStyle: { color: colour },
      barCategoryGap: '18%',
      barMinHeight: 2,
    })),
  };
}

function placePanels(panels: readonly Panel[], heightPx: number): readonly { top: number; height: number }[] {
  const shares = panels.reduce((sum, { share }) => sum + share, 0);
  const room = heightPx - AXIS_PX - HEAD_PX * panels.length;
  let top = 0;
  return panels.map(({ share }) => {
    top += HEAD_PX;
    const place = { top, height: Math.max(20, (room * share) / shares) };
    top += place.height;
    return place;
  });
}

interface Point {
  readonly seriesName?: string;
  readonly color?: string;
  readonly value?: number;
  readonly dataIndex: number;
}

/** Made of text nodes: no markup is ever put together from data. */
function tooltip(points: readonly Point[], times: readonly number[], language: string): HTMLElement {
  const box = document.createElement('div');
  const head = document.createElement('strong');
  head.textContent = dateTime(times[points[0]?.dataIndex ?? 0] ?? 0, language).replace(/:00$/, '');
  box.append(head);
  for (const { seriesName = '', color = '', value = 0 } of points) {
    if (!value) continue;
    const row = document.createElement('div');
    const mark = document.createElement('i');
    mark.className = 'chart-mark';
    mark.style.background = color;
    row.append(mark, `${seriesName}  ${count(value, language)}`);
    box.append(row);
  }
  return box;
}

const DAY_MS = 86_400_000;

function axisTime(time: number, spanMs: number, language: string): string {
  const parts: Intl.DateTimeFormatOptions =
    spanMs > 2 * DAY_MS
      ? { month: 'numeric', day: 'numeric', ...(spanMs > 8 * DAY_MS ? {} : { hour: '2-digit', minute: '2-digit' }) }
      : { hour: '2-digit', minute: '2-digit', ...(spanMs < 120_000 ? { second: '2-digit' } : {}) };
  return new Intl.DateTimeFormat(language, { ...parts, hourCycle: 'h23' }).format(time);
}

function compact(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

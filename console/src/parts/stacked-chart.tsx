import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMedia } from '../app/theme.tsx';
import { chartOption, type Panel } from './chart-option.ts';
import { bucketTimes, type TimeGrid } from './time-series.ts';

echarts.use([BarChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent, CanvasRenderer]);

interface StackedChartProps {
  readonly panels: readonly Panel[];
  readonly grid: TimeGrid;
  /** What a reader who cannot see it is told. */
  readonly alt: string;
  readonly heightPx: number;
  /** A bar was pressed; its start, epoch ms. */
  readonly onBucket?: (atMs: number) => void;
}

/** Stacked bars over time; several panels share one time axis and one pointer. */
export function StackedChart({ panels, grid, alt, heightPx, onBucket }: StackedChartProps) {
  const { i18n } = useTranslation();
  const { language } = i18n;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts>(undefined);
  const isDark = useMedia('(prefers-color-scheme: dark)');

  useEffect(() => {
    if (!place.current) return;
    const made = echarts.init(place.current);
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const option = chartOption({ panels, grid, language, isDark, heightPx });
    // Bars that grow at every poll would be the only thing that moves on the page.
    chart.current?.setOption({ ...option, animation: false }, { notMerge: true });
  }, [panels, grid, language, isDark, heightPx]);

  useEffect(() => {
    if (!onBucket) return;
    const onClick = ({ dataIndex }: { dataIndex: number }) => {
      const at = bucketTimes(grid)[dataIndex];
      if (at !== undefined) onBucket(at);
    };
    const made = chart.current;
    made?.on('click', onClick);
    return () => {
      if (made && !made.isDisposed()) made.off('click', onClick);
    };
  }, [grid, onBucket]);

  return <div ref={place} role="img" aria-label={alt} style={{ height: heightPx }} />;
}

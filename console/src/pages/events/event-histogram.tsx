import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRangeChart } from '../../api/queries.ts';
import { count } from '../../parts/figures.ts';
import { bucketFor } from '../../parts/time-series.ts';
import { totalOf, useChartPanels } from '../../parts/use-chart-panels.ts';

const StackedChart = lazy(async () => ({ default: (await import('../../parts/stacked-chart.tsx')).StackedChart }));

interface EventHistogramProps {
  readonly from: number;
  readonly to: number;
  readonly onRange: (range: { readonly from: number; readonly to: number }) => void;
}

const HEIGHT_PX = 150;

/** How many lines there were over the searched time; a click on a bar searches its time. */
export function EventHistogram({ from, to, onRange }: EventHistogramProps) {
  const { t, i18n } = useTranslation();
  const bucketMs = bucketFor(to - from);
  const { data } = useRangeChart(from, to, bucketMs);
  const grid = useMemo(() => data && { from: data.from, to: data.to, bucketMs: data.bucket }, [data]);
  const panels = useChartPanels(data, grid);
  const panel = useMemo(() => panels && [{ ...panels.events, title: t('events.histogram') }], [panels, t]);
  return (
    <div className="sheet histogram" style={{ minHeight: HEIGHT_PX + 20 }} title={t('events.histogramHint')}>
      {panel && grid ? (
        <Suspense>
          <StackedChart
            panels={panel}
            grid={grid}
            heightPx={HEIGHT_PX}
            onBucket={(at) => onRange({ from: at, to: at + grid.bucketMs })}
            alt={t('overview.chartAlt', { events: count(totalOf(panel[0] ?? NONE), i18n.language), alerts: 0 })}
          />
        </Suspense>
      ) : undefined}
    </div>
  );
}

const NONE = { title: '', share: 1, series: [] };

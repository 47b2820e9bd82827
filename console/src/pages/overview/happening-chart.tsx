import { Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecentCharts } from '../../api/queries.ts';
import { Blank } from '../../parts/blank.tsx';
import { count } from '../../parts/figures.ts';
import { Section } from '../../parts/section.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { totalOf, useChartPanels } from '../../parts/use-chart-panels.ts';
import { Waiting } from '../../parts/waiting.tsx';

const StackedChart = lazy(async () => ({ default: (await import('../../parts/stacked-chart.tsx')).StackedChart }));

const HOUR_MS = 3_600_000;
const RANGES = {
  hour: { spanMs: HOUR_MS, bucketMs: 60_000 },
  day: { spanMs: 24 * HOUR_MS, bucketMs: 900_000 },
  week: { spanMs: 168 * HOUR_MS, bucketMs: 2 * HOUR_MS },
  month: { spanMs: 720 * HOUR_MS, bucketMs: 8 * HOUR_MS },
} as const;
type RangeName = keyof typeof RANGES;

/** Log lines and alerts over the same time, one above the other. */
export function HappeningChart() {
  const { t, i18n } = useTranslation();
  const [range, setRange] = useState<RangeName>('day');
  const { spanMs, bucketMs } = RANGES[range];
  const { data, error, refetch } = useRecentCharts(spanMs, bucketMs);
  const grid = useMemo(() => data && { from: data.from, to: data.to, bucketMs: data.bucket }, [data]);
  const panels = useChartPanels(data, grid);
  return (
    <Section
      title={t('overview.chartTitle')}
      aside={
        <Segmented<RangeName>
          value={range}
          onChange={setRange}
          aria-label={t('overview.rangeLabel')}
          options={(Object.keys(RANGES) as RangeName[]).map((name) => ({ value: name, label: t(`overview.${name}`) }))}
        />
      }
    >
      {error && !data ? <Trouble thrown={error} onRetry={() => void refetch()} /> : undefined}
      {!error && !data ? <Waiting /> : undefined}
      {panels && grid ? (
        totalOf(panels.events) + totalOf(panels.alerts) === 0 ? (
          <Blank title={t('overview.noData')} />
        ) : (
          <Suspense fallback={<Waiting />}>
            <StackedChart
              panels={[panels.events, panels.alerts]}
              grid={grid}
              heightPx={360}
              alt={t('overview.chartAlt', {
                events: count(totalOf(panels.events), i18n.language),
                alerts: count(totalOf(panels.alerts), i18n.language),
              })}
            />
          </Suspense>
        )
      ) : undefined}
    </Section>
  );
}

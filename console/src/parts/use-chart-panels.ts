import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Charts, LEVELS, LOG_SOURCES } from '../api/shapes.ts';
import { LEVEL_COLOURS, SOURCE_COLOURS } from './chart-colours.ts';
import type { Panel } from './chart-option.ts';
import { alertPoints, eventPoints, spread, type TimeGrid } from './time-series.ts';

/** The counts of the server, as panels in the page's language. */
export function useChartPanels(charts: Charts | undefined, grid: TimeGrid | undefined) {
  const { t } = useTranslation();
  return useMemo(() => {
    if (!charts || !grid) return undefined;
    const events: Panel = {
      title: t('overview.events'),
      share: 3,
      series: spread(eventPoints(charts.events), LOG_SOURCES, grid).map((series) => ({
        ...series,
        label: t(`words.logSource.${series.name as (typeof LOG_SOURCES)[number]}`),
        colour: SOURCE_COLOURS[series.name as (typeof LOG_SOURCES)[number]],
      })),
    };
    const alerts: Panel = {
      title: t('overview.alerts'),
      share: 2,
      series: spread(alertPoints(charts.alerts), LEVELS, grid).map((series) => ({
        ...series,
        label: t(`words.level.${series.name as (typeof LEVELS)[number]}`),
        colour: LEVEL_COLOURS[series.name as (typeof LEVELS)[number]],
      })),
    };
    return { events, alerts };
  }, [charts, grid, t]);
}

export function totalOf(panel: Panel): number {
  return panel.series.reduce((sum, { total }) => sum + total, 0);
}

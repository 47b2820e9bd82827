import { createBrowserRouter, type RouteObject } from 'react-router';
import { Waiting } from '../parts/waiting.tsx';
import { PageFailure, PageMissing } from './page-failure.tsx';
import { Shell } from './shell.tsx';

/** The addresses of the console. Each page is a bundle of its own, loaded when it is first opened. */
const ROUTES: RouteObject[] = [
  {
    HydrateFallback: Waiting,
    ErrorBoundary: PageFailure,
    children: [
      { path: '/setup', lazy: async () => ({ Component: (await import('../pages/setup/setup-page.tsx')).SetupPage }) },
      {
        path: '/sign-in',
        lazy: async () => ({ Component: (await import('../pages/sign-in/sign-in-page.tsx')).SignInPage }),
      },
      {
        path: '/',
        Component: Shell,
        children: [
          {
            ErrorBoundary: PageFailure,
            children: [
              {
                index: true,
                lazy: async () => ({ Component: (await import('../pages/overview/overview-page.tsx')).OverviewPage }),
              },
              {
                path: 'alerts',
                lazy: async () => ({ Component: (await import('../pages/alerts/alerts-page.tsx')).AlertsPage }),
              },
              {
                path: 'alerts/exceptions',
                lazy: async () => ({
                  Component: (await import('../pages/exceptions/exceptions-page.tsx')).ExceptionsPage,
                }),
              },
              {
                path: 'alerts/:id',
                lazy: async () => ({ Component: (await import('../pages/alert/alert-page.tsx')).AlertPage }),
              },
              {
                path: 'responses',
                lazy: async () => ({
                  Component: (await import('../pages/responses/responses-page.tsx')).ResponsesPage,
                }),
              },
              {
                path: 'events',
                lazy: async () => ({ Component: (await import('../pages/events/events-page.tsx')).EventsPage }),
              },
              {
                path: 'posture',
                lazy: async () => ({ Component: (await import('../pages/posture/posture-page.tsx')).PosturePage }),
              },
              {
                path: 'posture/findings',
                lazy: async () => ({ Component: (await import('../pages/findings/findings-page.tsx')).FindingsPage }),
              },
              {
                path: 'posture/frameworks',
                lazy: async () => ({
                  Component: (await import('../pages/frameworks/frameworks-page.tsx')).FrameworksPage,
                }),
              },
              {
                path: 'posture/frameworks/:id',
                lazy: async () => ({
                  Component: (await import('../pages/framework/framework-page.tsx')).FrameworkPage,
                }),
              },
              {
                path: 'rules',
                lazy: async () => ({ Component: (await import('../pages/rules/rules-page.tsx')).RulesPage }),
              },
              {
                path: 'rules/:id',
                lazy: async () => ({ Component: (await import('../pages/rule/rule-page.tsx')).RulePage }),
              },
              {
                path: 'hunts',
                lazy: async () => ({ Component: (await import('../pages/hunts/hunts-page.tsx')).HuntsPage }),
              },
              {
                path: 'hunts/:id',
                lazy: async () => ({ Component: (await import('../pages/hunts/hunt-page.tsx')).HuntPage }),
              },
              {
                path: 'sources',
                lazy: async () => ({ Component: (await import('../pages/sources/sources-page.tsx')).SourcesPage }),
              },
              {
                path: 'evidence',
                lazy: async () => ({ Component: (await import('../pages/evidence/evidence-page.tsx')).EvidencePage }),
              },
              {
                path: 'settings',
                lazy: async () => ({ Component: (await import('../pages/settings/settings-page.tsx')).SettingsPage }),
              },
              { path: '*', Component: PageMissing },
            ],
          },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(ROUTES);

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { Failure } from './api/failure.ts';
import { SESSION_KEY } from './api/queries.ts';
import { startLanguage } from './app/language.ts';
import { router } from './app/routes.tsx';
import { Theme } from './app/theme.tsx';
import './app/colours.css';
import './app/page.css';

startLanguage();

/** A session that ended on the server ends here too: the shell then shows the sign-in page. */
function noticeSignOut(thrown: unknown): void {
  if (thrown instanceof Failure && thrown.code === 'BTZ_UNAUTHENTICATED')
    queries.setQueryData(SESSION_KEY, { state: 'signed_out' });
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({ onError: noticeSignOut }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What the server refused for a reason, it would refuse again; only a lost connection is tried again.
      retry: (failed, thrown) => failed < 2 && thrown instanceof Failure && thrown.code === 'OFFLINE',
      // The centre is often on this very machine: the browser's own idea of being offline says nothing about it.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Theme>
          <RouterProvider router={router} />
        </Theme>
      </QueryClientProvider>
    </StrictMode>,
  );

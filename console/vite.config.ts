import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite` (development only) sends API calls. */
const CENTRE = process.env.BARTIZAN_CENTRE ?? 'http://127.0.0.1:8787';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // The page's policy allows images from `data:` only, so fonts and scripts must stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/api': { target: CENTRE, changeOrigin: true } } },
});

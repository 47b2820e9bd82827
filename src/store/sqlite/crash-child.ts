/** Run by sqlite.test.ts: appends pairs of leaves, many at once, and says which are durable, until it is killed. */
import { openSqliteStateStore } from './index.ts';

const store = await openSqliteStateStore(process.argv[2] ?? '');
for (;;) {
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const leaf = { timeMs: 1, kind: 'drill.run', actor: 'cli', subject: 'x', details: {} } as const;
      const stored = await store.transaction(async (queries) => {
        const one = await queries.evidence.append([leaf]);
        await queries.checkpoints.set('pairs', (one[0]?.index ?? 0) + 1, undefined);
        return queries.evidence.append([leaf]);
      });
      process.stdout.write(`${stored[0]?.index}\n`);
    }),
  );
}

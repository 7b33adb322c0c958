import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,tools}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Most tests wait for a socket or a process: one worker would leave a core idle.
    maxWorkers: 2,
  },
});

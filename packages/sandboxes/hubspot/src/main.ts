#!/usr/bin/env node
import { runSandboxProgram } from '@mortise/testing';
import { largeSeed } from './seed/large.ts';
import { parseSettings } from './settings.ts';
import { startHubSpotSandbox } from './start.ts';

runSandboxProgram({
  name: 'mortise-sandbox-hubspot',
  parseSettings,
  withToken: (settings, token) => ({ ...settings, accessTokens: [token] }),
  switches: ['large'],
  start: ({ seed, ...options }, given) => {
    const seeded = seed === undefined || !given.has('large') ? seed : largeSeed(seed);
    return startHubSpotSandbox({ ...options, ...(seeded === undefined ? {} : { seed: seeded }) });
  },
});

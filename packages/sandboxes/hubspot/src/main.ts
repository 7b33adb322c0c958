#!/usr/bin/env node
import { runSandboxProgram } from '@mortise/testing';
import { largeSeed } from './seed/large.ts';
import { parseSeed } from './seed/options.ts';
import { parseSettings } from './settings.ts';
import { startHubSpotSandbox } from './start.ts';

runSandboxProgram({
  name: 'mortise-sandbox-hubspot',
  parseSettings,
  parseSeed,
  withToken: (settings, token) => ({ ...settings, accessTokens: [token] }),
  switches: ['large'],
  start: ({ seed, ...options }, given) => {
    const seeded = seed === undefined || !given.has('large') ? seed : largeSeed(seed.number);
    return startHubSpotSandbox({ ...options, ...(seeded === undefined ? {} : { seed: seeded }) });
  },
});

#!/usr/bin/env node
import { runSandboxProgram } from '@mortise/testing';
import { parseSeed } from './seed/options.ts';
import { parseSettings } from './settings.ts';
import { startShopifySandbox } from './start.ts';

runSandboxProgram({
  name: 'mortise-sandbox-shopify',
  parseSettings,
  parseSeed,
  withToken: (settings, token) => ({ ...settings, accessTokens: [token] }),
  start: startShopifySandbox,
});

#!/usr/bin/env node
import { runSandboxProgram } from '@mortise/testing';
import { parseSettings } from './settings.ts';
import { startNetSuiteSandbox } from './start.ts';

runSandboxProgram({
  name: 'mortise-sandbox-netsuite',
  parseSettings,
  withToken: (settings, token) => ({ ...settings, accessTokens: [token] }),
  start: startNetSuiteSandbox,
});

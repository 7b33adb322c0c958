import { conformance } from '@mortise/testing';
import { describe, expect, test } from 'vitest';
import netsuite from '../src/index.ts';
import { worldOf } from './conformance-world.ts';

describe('over REST', () => {
  conformance(netsuite, {
    ...{ test, expect, world: worldOf('rest') },
    sheet: new URL('../conformance.json', import.meta.url),
  });
});

describe('over SOAP', () => {
  conformance(netsuite, {
    ...{ test, expect, world: worldOf('soap') },
    sheet: new URL('../conformance.soap.json', import.meta.url),
  });
});

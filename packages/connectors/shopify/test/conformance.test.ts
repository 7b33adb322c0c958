import { conformance } from '@mortise/testing';
import { expect, test } from 'vitest';
import shopify from '../src/index.ts';
import { world } from './conformance-world.ts';

conformance(shopify, { test, expect, world, sheet: new URL('../conformance.json', import.meta.url) });

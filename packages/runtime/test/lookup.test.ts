import { expect, test, vi } from 'vitest';
import { systemClock } from '../src/index.ts';
import { connect, refusal } from './support/connection.ts';

// A resolver that is asked and never answers.
vi.mock('node:dns', () => ({ lookup: () => undefined }));

const hosts = ['files.example'];
const fetch = async () => Response.json({});
const link = 'https://files.example/result';

test('the time limit of a request and its caller end the look-up of a name as well', async () => {
  const given = { clock: systemClock, fetch, rest: { hosts } };
  const inTime = connect('https://api.example', { ...given, limits: { requestTimeoutMs: 20, attempts: 1 } });
  expect(await refusal(inTime.get(link))).toMatchObject({ code: 'timeout', attempts: 1 });

  const controller = new AbortController();
  const cancelled = refusal(connect('https://api.example', given).get(link, { signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  expect((await cancelled).code).toBe('cancelled');
});

import type { ServerResponse } from 'node:http';
import { isRecord } from './record.ts';
import type { SandboxAnswer } from './types.ts';

const page = '<!doctype html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>';

/** The captive portal's answer: HTTP 200 with a page instead of data. */
export const htmlAnswer: SandboxAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: page,
};

/** HTTP 200 that promises JSON and carries no byte. */
export const emptyAnswer: SandboxAnswer = { status: 200, headers: { 'content-type': 'application/json' } };

/** The answer with its lists turned round: the body itself, or the fields of it that are lists. */
export function reordered(answer: SandboxAnswer): SandboxAnswer {
  const { json } = answer;
  if (Array.isArray(json)) return { ...answer, json: json.toReversed() };
  if (!isRecord(json)) return answer;
  const turned = Object.entries(json).map(([name, value]) => [name, Array.isArray(value) ? value.toReversed() : value]);
  return { ...answer, json: Object.fromEntries(turned) };
}

function bytesOf(answer: SandboxAnswer): Buffer {
  if (answer.json !== undefined) return Buffer.from(JSON.stringify(answer.json), 'utf8');
  if (typeof answer.text === 'string') return Buffer.from(answer.text, 'utf8');
  return Buffer.from(answer.text ?? []);
}

/** Sends an answer whole. */
export function sendAnswer(response: ServerResponse, answer: SandboxAnswer): void {
  const bytes = bytesOf(answer);
  const type: Record<string, string> =
    answer.json === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' };
  const length: Record<string, string> = answer.status === 204 ? {} : { 'content-length': String(bytes.length) };
  response.writeHead(answer.status, { ...type, ...answer.headers, ...length });
  response.end(bytes);
}

/** Promises the whole length, sends half of the bytes, then cuts the connection. */
export function sendTruncated(response: ServerResponse, answer: SandboxAnswer): void {
  const bytes = bytesOf(answer);
  const promised = Math.max(bytes.length, 2);
  response.writeHead(answer.status, {
    'content-type': 'application/json;charset=utf-8',
    ...answer.headers,
    'content-length': String(promised),
  });
  response.write(bytes.subarray(0, Math.floor(promised / 2)), () => response.destroy());
}

/** Ends the connection with a TCP reset and not one byte of an answer. */
export function resetConnection(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  socket.resetAndDestroy();
}

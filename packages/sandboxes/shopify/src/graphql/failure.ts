import type { SandboxAnswer } from '@mortise/testing';

/** An answer of HTTP 200 whose errors carry a code, as the vendor's do. */
export const errorAnswer = (message: string, code: string): SandboxAnswer => ({
  status: 200,
  json: { errors: [{ message, extensions: { code } }] },
});

/** An answer with an HTTP status and the vendor's one-line body. */
export const statusAnswer = (status: number, errors: string): SandboxAnswer => ({ status, json: { errors } });

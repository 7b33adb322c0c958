import { randomUUID } from 'node:crypto';
import type { SandboxAnswer } from '@mortise/testing';

/** One entry of the `errors` list of a vendor error. */
export type FailureDetail = { message: string; code?: string; in?: string; context?: Record<string, string[]> };

/** Fields of a vendor error besides status, category and message. */
export type FailureExtras = { subCategory?: string; context?: Record<string, string[]>; errors?: FailureDetail[] };

/** An error that the vendor would answer. Thrown by handlers; undoes the changes of the request. */
export class HubSpotFailure extends Error {
  readonly status: number;
  readonly category: string;
  readonly extras: FailureExtras;

  constructor(status: number, category: string, { message, ...extras }: { message: string } & FailureExtras) {
    super(message);
    this.status = status;
    this.category = category;
    this.extras = extras;
  }
}

/** 400 VALIDATION_ERROR. */
export function invalid(message: string, extras: FailureExtras = {}): HubSpotFailure {
  return new HubSpotFailure(400, 'VALIDATION_ERROR', { message, ...extras });
}

/** 404 OBJECT_NOT_FOUND. */
export function notFound(message: string): HubSpotFailure {
  return new HubSpotFailure(404, 'OBJECT_NOT_FOUND', { message });
}

/** The vendor's error body. */
export function failureAnswer(failure: HubSpotFailure): SandboxAnswer {
  const { status, category, message, extras } = failure;
  return { status, json: { status: 'error', message, correlationId: randomUUID(), ...extras, category } };
}

/** Answers any error thrown by a handler: the vendor's shape, INTERNAL_ERROR 500 for what is none of ours. */
export function answerError(error: unknown): SandboxAnswer {
  if (error instanceof HubSpotFailure) return failureAnswer(error);
  const message = error instanceof Error ? error.message : String(error);
  return failureAnswer(new HubSpotFailure(500, 'INTERNAL_ERROR', { message }));
}

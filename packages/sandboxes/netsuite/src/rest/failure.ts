import type { SandboxAnswer } from '@mortise/testing';

const titles: Readonly<Record<number, readonly [title: string, section: string]>> = {
  400: ['Bad Request', '15.5.1'],
  401: ['Unauthorized', '15.5.2'],
  403: ['Forbidden', '15.5.4'],
  404: ['Not Found', '15.5.5'],
  405: ['Method Not Allowed', '15.5.6'],
  409: ['Conflict', '15.5.10'],
  429: ['Too Many Requests', '15.5'],
  500: ['Internal Server Error', '15.6.1'],
  503: ['Service Unavailable', '15.6.4'],
};

/** An error of the REST services. Thrown by handlers; undoes the changes of the request. */
export class RestFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    { message, path, headers = {} }: { message: string; path?: string | undefined; headers?: Record<string, string> },
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.path = path;
    this.headers = headers;
  }
}

/** 400 with the code of a bad request. */
export function invalid(message: string, code = 'INVALID_PARAMETER'): RestFailure {
  return new RestFailure(400, code, { message });
}

/** The vendor's error body. */
export function failureAnswer({ status, code, message, path, headers }: RestFailure): SandboxAnswer {
  const [title, section] = titles[status] ?? ['Error', '15'];
  const detail = { detail: message, ...(path === undefined ? {} : { 'o:errorPath': path }), 'o:errorCode': code };
  const type = `https://www.rfc-editor.org/rfc/rfc9110.html#section-${section}`;
  const contentType = { 'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8' };
  return {
    status,
    headers: { ...contentType, ...headers },
    json: { type, title, status, 'o:errorDetails': [detail] },
  };
}

/** Answers any error thrown by a handler: the vendor's shape, UNEXPECTED_ERROR 500 for what is none of ours. */
export function answerError(error: unknown): SandboxAnswer {
  if (error instanceof RestFailure) return failureAnswer(error);
  const message = error instanceof Error ? error.message : String(error);
  return failureAnswer(new RestFailure(500, 'UNEXPECTED_ERROR', { message }));
}

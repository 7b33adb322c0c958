import type { SandboxRequest } from '@mortise/testing';

/** Where the caller found us, for links and discovery: the stand-in is plain HTTP on loopback. */
export function originOf({ headers }: SandboxRequest): string {
  return `http://${headers.host ?? '127.0.0.1'}`;
}

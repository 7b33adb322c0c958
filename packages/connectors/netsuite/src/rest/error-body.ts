import type { Failure } from '@mortise/runtime';
import type { RestOptions } from '@mortise/runtime/rest';
import { z } from 'zod';
import { codeMeaning, plainCode } from '../vendor-codes.ts';

const ErrorBody = z.object({
  'o:errorDetails': z
    .array(z.object({ detail: z.string().optional(), 'o:errorCode': z.string().optional() }))
    .optional()
    .catch(undefined),
});

const login =
  'NetSuite does not accept the access token: check client, certificate and its role, and that this clock is right';

/** Reads NetSuite's error body, whose details have a code of their own; of the text only a permission is shown. */
export const classifyAnswer: NonNullable<RestOptions['classify']> = (answer, failure) => {
  if (failure === undefined) return undefined;
  const parsed = ErrorBody.safeParse(answer.body);
  const [detail] = (parsed.success ? parsed.data['o:errorDetails'] : undefined) ?? [];
  const code = detail?.['o:errorCode'];
  const meaning = codeMeaning({ code, message: detail?.detail });
  const described: Failure = { ...failure, message: `NetSuite answered ${answer.status}`, vendorCode: plainCode(code) };
  if (answer.status === 401) return { ...described, message: login };
  return meaning === undefined ? described : { ...described, ...meaning };
};

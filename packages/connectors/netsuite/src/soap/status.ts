import { attribute, element, inNamespace, type SoapMeaning } from '@mortise/runtime/soap';
import { z } from 'zod';
import { codeMeaning, plainCode } from '../vendor-codes.ts';
import { namespaces } from '../vendor-facts.ts';

const { core } = namespaces;

/** What NetSuite says became of a request or of one record in it. */
export const Status = element(
  inNamespace(
    core,
    z.object({
      isSuccess: attribute(z.string()),
      statusDetail: z.array(
        z.object({
          type: attribute(z.string().optional()),
          code: z.string().optional(),
          message: z.string().optional(),
          afterSubmitFailed: z.string().optional(),
        }),
      ),
    }),
  ),
  { namespace: core },
);
/** See the schema of the same name. */
export type Status = z.output<typeof Status>;

/**
 * What a failed status means; undefined for a success. A record of `afterSubmitFailed` was saved, and a script that ran
 * behind it failed: sent again, that script would run again.
 */
export const statusMeaning = ({ isSuccess, statusDetail }: Status): SoapMeaning | undefined => {
  if (isSuccess === 'true') return undefined;
  if (statusDetail.some(({ afterSubmitFailed }) => afterSubmitFailed === 'true')) return undefined;
  const detail = statusDetail.find(({ type }) => type !== 'WARN') ?? statusDetail[0];
  const { code, message } = detail ?? {};
  return codeMeaning({ code, message }) ?? { code: 'invalid-request', vendorCode: plainCode(code), reach: 'refused' };
};

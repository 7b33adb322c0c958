import { z } from 'zod';
import { optionalText, recordId, referenceId, stamps } from './identity.ts';
import { optionalMoney } from './money.ts';

/** A sale in the making or made: opportunity, deal. */
export const Deal = z
  .object({
    id: recordId,
    key: optionalText('Unique key given by the source system, for instance an order number.'),
    name: optionalText('Name of the deal.'),
    stage: optionalText("Stage, by the system's own key."),
    amount: optionalMoney('What the deal is worth.'),
    closedAt: z.date().nullable().meta({ description: 'When the deal was closed or is due to close, UTC.' }),
    contactId: referenceId('Id of the contact.'),
    companyId: referenceId('Id of the company.'),
    ...stamps,
  })
  .meta({ title: 'Deal', description: 'A sale in the making or made.' });

/** See the schema of the same name. */
export type Deal = z.output<typeof Deal>;
